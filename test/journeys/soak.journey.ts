import { restartProgram, soak } from '../soak/soak.js'

test('API, worker, PostgreSQL and event store killed at random under load: every promise holds (npm run soak does it for ten minutes)', async () => {
  const report = await soak({ seconds: 12, say: () => undefined, restartEventStore: restartProgram() })
  expect(report.broken).toEqual([])
  expect(report.erasures).toBeGreaterThan(0)
  expect(Object.values(report.kills).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0)
}, 300_000)
