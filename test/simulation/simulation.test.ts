import { type Plant, plants } from './plants.js'
import { simulate } from './simulation.js'

/** CASELEDGER_SEEDS: how many lives are lived; `npm run simulate` lives thousands. */
const seeds = Number(process.env['CASELEDGER_SEEDS'] ?? 150)

test(`${seeds} lives of the service: nothing acknowledged is lost or stored twice, nothing erased opens, no key comes back`, async () => {
  const totals = { crashes: 0, restores: 0, erasures: 0 }
  for (let seed = 1; seed <= seeds; seed++) {
    const { broken, crashes, restores, erasures } = await simulate(seed)
    if (broken.length > 0) throw new Error(`npm run simulate -- --seed ${seed}\n${broken.join('\n')}`)
    totals.crashes += crashes
    totals.restores += restores
    totals.erasures += erasures
  }
  // A simulation in which nothing happens proves nothing.
  expect(totals.crashes).toBeGreaterThan(seeds)
  expect(totals.restores).toBeGreaterThan(seeds / 20)
  expect(totals.erasures).toBeGreaterThan(seeds)
}, 300_000)

test('one seed is one run', async () => {
  const [first, again] = [await simulate(7), await simulate(7)]
  expect(again).toEqual(first)
})

test.each<[Plant, RegExp]>([
  ['fence-after-destruction', /called erased that no fence names/],
  ['check-then-insert', /two keys were made/],
  ['checkpoint-before-rows', /the case view is not what the log says/],
  ['any-revision', /stored twice|decided 2 times/],
  ['no-restore-gate', /erased values open|does not open/],
  ['look-then-send', /sent behind an erasure|left that was not released/],
])(
  'planted, %s is found',
  async (plant, how) => {
    for (let seed = 1; seed <= 300; seed++) {
      const { broken } = await simulate(seed, plant)
      if (broken.some(words => how.test(words))) return
    }
    throw new Error('it was not found')
  },
  300_000,
)
test('every plant is tried', () => {
  expect(plants).toHaveLength(6)
})
