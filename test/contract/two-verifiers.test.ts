import { hasPython } from '../support/ledger.js'
import { fuzzVerifiers } from '../fuzz/verifiers/fuzz-verifiers.js'

if (!hasPython) test.skip('the second verifier: Python and openssl are not here', () => undefined)

;(hasPython ? test : test.skip)('both verifiers say the same of bundles that were changed in every way that we know', async () => {
  const { mutations, honest, verdicts, differences } = await fuzzVerifiers({ seed: 1, mutations: 400 })
  expect(differences).toEqual([])
  expect(mutations).toBe(400)
  // Every verdict was given, and something was not asked right: the changes reach what is read.
  expect(Object.keys(verdicts).sort()).toEqual(['2', 'FAILED', 'INCOMPLETE', 'UNSUPPORTED', 'VERIFIED'])
  expect(honest).toEqual(Object.fromEntries(Object.keys(honest).map(name => [name, 'VERIFIED'])))
  expect(Object.keys(honest)).toHaveLength(8)
})
