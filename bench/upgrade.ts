import { setTimeout as pause } from 'node:timers/promises'
import { followLog, projecting } from '#projections/postgres/follow-log'
import { ReadModels } from '#projections/postgres/read-models'
import { rebuild } from '#projections/postgres/rebuild'
import type { Projection } from '#projections/projection'
import { projections } from '#read-models/all'
import { caseView } from '#read-models/case-view/projection'
import type { Measurement } from './rate.js'
import { type Rig, onItsOwn, secondsOf, standAtHead } from './rig.js'
import { fill } from './synthetic-log.js'

const million = 1_000_000
const baselineMs = 20_000
/** So often somebody is referred, and looks at once whether all lists show it. */
const every = 50

/** The dearest of ours, once more under another name: what the next release brings. */
function another(): Projection {
  if (caseView.kind !== 'document') throw new Error('the case view is folded')
  const table = { ...caseView.table, name: 'case_view_again' }
  return { ...caseView, name: 'case-view-again', table, tables: [table] }
}

/**
 * An installation with a million events, in which people go on being referred, gets a new read model. How long after an append every live
 * read model shows it, while the new one is built and without; and how long that takes, against a rebuild of the same with nobody about.
 */
export const upgrade = ({ events = million }: { readonly events?: number | undefined }): AsyncIterable<Measurement> =>
  onItsOwn(async function* (rig) {
    const { backend } = rig
    await fill(backend.store, events)
    await standAtHead(backend, projections)
    const without = await running(rig, projections, () => pause(baselineMs))
    const fresh = another()
    const models = new ReadModels(backend.sql, [fresh])
    const head = (await backend.store.head()) ?? 0n
    let seconds = 0
    const beside = await running(rig, [...projections, fresh], async () => {
      seconds = await secondsOf(async () => {
        while (!(await models.hasPassed(fresh.name, head)));
      })
    })
    const alone = await secondsOf(async () => {
      for await (const _ of rebuild([fresh], backend));
    })
    yield measurement('lag of live reads, worst', beside.at(-1) ?? 0, without.at(-1) ?? 0, 'ms')
    yield measurement('lag of live reads, 99th percentile', p99(beside), p99(without), 'ms')
    yield measurement(`building of ${events} events`, seconds, alone, 's')
  })

/** The lags of whoever was referred meanwhile, the shortest first. */
async function running({ backend }: Rig, which: readonly Projection[], meanwhile: () => Promise<unknown>): Promise<readonly number[]> {
  const { store, readModels } = backend
  const [stop, enough] = [new AbortController(), new AbortController()]
  const following = followLog(backend, projecting(backend, which), stop.signal)
  const lags: number[] = []
  const referring = (async () => {
    while (!enough.signal.aborted) {
      const began = performance.now()
      await fill(store, 1, 1)
      const [written, position] = [performance.now(), (await store.head()) ?? 0n]
      await Promise.all(readModels.names.map(name => shown(readModels, name, position)))
      lags.push(performance.now() - written)
      await pause(Math.max(0, every - (performance.now() - began)))
    }
  })()
  await meanwhile()
  enough.abort()
  await referring
  stop.abort()
  await following
  return lags.sort((a, b) => a - b)
}
async function shown(models: ReadModels, name: string, position: bigint) {
  while (!(await models.hasPassed(name, position)));
}

const p99 = (sorted: readonly number[]) => sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0
const measurement = (which: string, ours: number, baseline: number, unit: string): Measurement => ({
  bench: 'upgrade',
  case: which,
  ours: Math.round(ours * 10) / 10,
  baseline: Math.round(baseline * 10) / 10,
  ratio: Number((ours / baseline).toFixed(2)),
  unit,
})
