import { type Store, soak } from '../soak/soak.js'

const store = process.env['CASELEDGER_EVENT_STORE'] as Store
/**
 * Its first faults: a PostgreSQL that is killed while it starts, a long stall alone under load (of EventStoreDB, where that can be
 * stalled), and three stalled together at rest.
 */
const seed = 512

test('every part killed and stalled under load: no answer but the truth or 503 (npm run soak does it for ten minutes)', async () => {
  const said: string[] = []
  const report = await soak({
    store,
    seed,
    seconds: 20,
    signal: new AbortController().signal,
    say: text => {
      said.push(text)
    },
  })
  expect({
    lies: report?.lies,
    broken: report?.broken,
    said: report && Object.keys(report.lies).length === 0 && report.broken.length === 0 ? '' : said.join('\n'),
  }).toEqual({ lies: {}, broken: [], said: '' })
  // It was asked, it was struck, and some of what was done to it was seen by readers.
  expect(report?.neverAnswered).toEqual([])
  expect(report?.erasures).toBeGreaterThan(0)
  expect(report?.walks).toBeGreaterThan(0)
  expect(Object.values(report?.faults ?? {}).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(2)
}, 420_000)
