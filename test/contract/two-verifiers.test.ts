import { hasPython } from '../support/ledger.js'
import { fuzzVerifiers } from '../fuzz/verifiers/fuzz-verifiers.js'

if (!hasPython) test.skip('the second verifier: Python and openssl are not here', () => undefined)

;(hasPython ? test : test.skip)('both verifiers say the same of bundles that were changed in every way that we know', async () => {
  const { mutations, verdicts, differences } = await fuzzVerifiers({ seed: 1, mutations: 400 })
  expect(differences).toEqual([])
  expect(mutations).toBe(400)
  // Every verdict was given, and something was not asked right: the changes reach what is read.
  expect(Object.keys(verdicts).sort()).toEqual(['2', 'FAILED', 'INCOMPLETE', 'UNSUPPORTED', 'VERIFIED'])
  // The honest ones, at least.
  expect(verdicts['VERIFIED']).toBeGreaterThanOrEqual(6)
})
