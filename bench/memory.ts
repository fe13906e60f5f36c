import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { followLog, projecting } from '#projections/postgres/follow-log'
import { projections } from '#read-models/all'
import type { Measurement } from './rate.js'
import { onItsOwn } from './rig.js'
import { fill } from './synthetic-log.js'

const early = 50_000
const late = 500_000
const mb = 1_048_576

/**
 * The heap after a forced collection, projecting 500,000 events, against what it was after 50,000; resident memory beside it. MB, so that
 * less is better.
 */
export const memory = (): AsyncIterable<Measurement> =>
  onItsOwn(async function* ({ backend: { sql, store, codec, readModels } }) {
    await fill(store, late)
    const stop = new AbortController()
    const running = followLog({ sql, store, codec }, projecting({ sql, store }, projections), stop.signal)
    const [before, after] = [await whenPassed(early), await whenPassed(late)]
    stop.abort()
    await running
    yield {
      bench: 'memory',
      case: 'heap, 500,000 : 50,000 events',
      ours: after.heap,
      baseline: before.heap,
      ratio: Number((after.heap / before.heap).toFixed(2)),
      unit: 'MB',
    }
    yield {
      bench: 'memory',
      case: 'resident, the same',
      ours: after.resident,
      baseline: before.resident,
      ratio: Number((after.resident / before.resident).toFixed(2)),
      unit: 'MB',
    }

    // Positions are dense in a log that was filled without a failure.
    async function whenPassed(events: number) {
      for (const { name } of projections) while (!(await readModels.hasPassed(name, BigInt(events))));
      collectGarbage()
      const { heapUsed, rss } = process.memoryUsage()
      return { heap: Math.round(heapUsed / mb), resident: Math.round(rss / mb) }
    }
  })

function collectGarbage() {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
}
