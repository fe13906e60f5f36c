import { readFileSync } from 'node:fs'
import { Metrics } from './metrics.js'
import { mayReadMetrics } from './metrics-server.js'
import { watch } from './watch.js'

const dashboard = JSON.parse(readFileSync('docs/grafana-dashboard.json', 'utf8')) as {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[]
}
/** A histogram is drawn by its buckets, sum or count. */
const bare = (name: string) => name.replace(/_(bucket|sum|count)$/, '')

test('the dashboard draws every metric, and none that does not exist', () => {
  const drawn = new Set(
    dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/caseledger_[a-z_]+/g) ?? [])).map(bare),
  )
  expect([...drawn].sort()).toEqual([...new Metrics().names].sort())
})
test('what was gauged of a part that is gone is forgotten', async () => {
  const metrics = new Metrics()
  expect(await metrics.text([{ part: 'case-view', ready: false, lag: '7', behindSeconds: 3, parked: 1 }])).toContain(
    'caseledger_projection_lag_positions{part="case-view"} 7',
  )
  expect(await metrics.text([{ part: 'vault', ready: true }])).not.toContain('case-view')
})
test('who watches an object sees how each call ended, and changes nothing of it', async () => {
  class Door {
    #opened = 0
    open(times: number): Promise<number> {
      return times > 0 ? Promise.resolve((this.#opened += times)) : Promise.reject(new RangeError('never said'))
    }
  }
  const [door, ends]: [Door, unknown[]] = [new Door(), []]
  watch(
    door,
    { open: 'door.open' },
    {
      ends: (method, { failed }) => {
        ends.push([method, failed])
        return undefined
      },
    },
  )
  expect([await door.open(2), await door.open(1)]).toEqual([2, 3])
  await expect(door.open(0)).rejects.toBeInstanceOf(RangeError)
  expect(ends).toEqual([
    ['open', undefined],
    ['open', undefined],
    ['open', 'RangeError'],
  ])
})
describe('who may read metrics', () => {
  test.each([
    ['anybody who reaches a laptop', undefined, {}, true],
    ['nobody in production without a token', undefined, { NODE_ENV: 'production' }, false],
    ['the bearer of the token', 'Bearer a-long-secret', { NODE_ENV: 'production', CASELEDGER_METRICS_TOKEN: 'a-long-secret' }, true],
    ['not the bearer of another', 'Bearer a-long-secreT', { CASELEDGER_METRICS_TOKEN: 'a-long-secret' }, false],
    ['not nobody', undefined, { CASELEDGER_METRICS_TOKEN: 'a-long-secret' }, false],
  ])('%s', (_, authorization, env, may) => {
    expect(mayReadMetrics(authorization, env)).toBe(may)
  })
})
