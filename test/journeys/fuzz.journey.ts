import { staffRoles } from '#kernel/actor'
import { fuzz } from '../fuzz/fuzz.js'
import { keptSeeds } from '../fuzz/seeds.js'
import { Standalone } from '../support/standalone.js'

let s: Standalone
beforeAll(async () => {
  s = await Standalone.start()
}, 120_000)
afterAll(async () => {
  await s.end()
})

test.each(keptSeeds)(
  'seed $seed: no server’s error, no echo, no half of a command, no role that may not ($found)',
  async ({ seed, requests }) => {
    const { findings, roles, paths, accepted, refusedBy } = await fuzz(s, { seed, requests })
    expect(findings).toEqual([])
    // It got in as well as being refused, everywhere.
    expect({ roles, many: paths > 20, accepted: accepted > requests / 10, refusals: Object.keys(refusedBy).length > 10 }).toEqual({
      roles: staffRoles.length,
      many: true,
      accepted: true,
      refusals: true,
    })
  },
  180_000,
)
test('after all of it the read models are what the log says, and what was sent stands in no log', () => {
  expect(s.cli('replay', '--check').status).toBe(0)
  expect(s.said).not.toContain('Zephyrine')
})
