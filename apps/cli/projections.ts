import { listUnread } from '#processes/postgres/unread'
import { listParked, unpark } from '#projections/postgres/parking'
import { type Progress, compareWithRebuilt, rebuild } from '#projections/postgres/rebuild'
import type { StateOf } from '#projections/postgres/read-models'
import type { Projection } from '#projections/projection'
import { projections } from '#read-models/all'
import { command } from './command.js'
import type { Out } from './out.js'
import { tellOutOfPlace } from './out-of-place.js'
import { withBackend } from './with-backend.js'

export const nameOption = {
  takes: 'projection',
  says: 'one of them; all unless told.',
  oneOf: projections.map(({ name }) => name),
} as const
const chosen = (name: string | undefined): readonly Projection[] =>
  name === undefined ? projections : projections.filter(projection => projection.name === name)

export const tellProgress = (out: Out, { projections: of, position, upTo }: Progress) => {
  out.progress({ what: of.length === 1 ? String(of[0]) : `${of.length} projections`, done: position, of: upTo })
}

const inWords: Readonly<Record<StateOf | 'missing', string>> = {
  live: '',
  building: '  is being built, beside the others',
  another: '  is another release’s: the worker of this release builds it',
  missing: '  is not there yet: the worker builds it',
}

export const projectionsStatus = command({
  name: 'projections status',
  group: 'service',
  summary:
    'Where each projection stands, whether it is being built, the streams that it could not go on with, and the events that a '
    + 'process could not read. Ends with 1 when there are any.',
  options: {},
  run: (_, out) =>
    withBackend(async ({ backend: { store, readModels, sql } }) => {
      const head = (await store.head()) ?? 0n
      const standings = new Map((await readModels.standings()).map(standing => [standing.projection, standing]))
      for (const { name } of projections) {
        const { position = 0n, state = 'missing' } = standings.get(name) ?? {}
        out.say(
          { projection: name, state, position: String(position), head: String(head) },
          `${name.padEnd(20)} ${String(position).padStart(12)} of ${head}${inWords[state]}`,
        )
      }
      const [parked, unread] = [await listParked(sql), await listUnread(sql)]
      for (const { projection, stream, position, error, parkedAt } of parked)
        out.say(
          { parked: projection, stream, position: String(position), error, since: parkedAt },
          `PARKED  ${projection}  ${stream}  at ${position}  ${error}  since ${parkedAt}`,
        )
      for (const { process, stream, position, error, since } of unread)
        out.say(
          { unread: process, stream, position: String(position), error, since },
          `UNREAD  process ${process}  ${stream}  at ${position}  ${error}  since ${since}`,
        )
      return parked.length + unread.length > 0 ? 'found' : 'done'
    }),
})

export const rebuildProjections = command({
  name: 'projections rebuild',
  group: 'service',
  summary:
    'Builds read models anew from the log, beside the live ones, and swaps them in. '
    + 'Stops at the first failure and leaves the live ones alone.',
  options: { name: nameOption },
  run: ({ name }, out) =>
    withBackend(async ({ backend, signal }) => {
      const wanted = chosen(name)
      for await (const progress of rebuild(wanted, { ...backend, signal })) tellProgress(out, progress)
      for (const projection of wanted) out.say({ rebuilt: projection.name }, `${projection.name} was rebuilt.`)
      return 'done'
    }),
})

export const unparkProjection = command({
  name: 'projections unpark',
  group: 'service',
  summary: 'Goes on with a stream that a projection had parked, once its cause is mended. Ends with 1 when it is not parked.',
  options: {
    name: { ...nameOption, required: true },
    stream: { takes: 'stream', says: 'as projections status names it.', required: true },
  },
  run: ({ name, stream }, out) =>
    withBackend(async ({ backend: { sql, store, codec } }) => {
      const done = await unpark(sql, store, codec, chosen(name)[0] as Projection, stream)
      out.say({ unparked: done }, done ? `${name} goes on with ${stream}.` : 'That stream is not parked.')
      return done ? 'done' : 'found'
    }),
})

/** Ends with `found` when a read model is not what the log says, or the store holds events that the log does not tell of. */
export const replayCheck = (name: string | undefined, out: Out) =>
  withBackend(async ({ backend, signal }) => {
    let different = 0
    for await (const found of compareWithRebuilt(chosen(name), { ...backend, signal })) {
      if ('events' in found) {
        tellProgress(out, found)
        continue
      }
      const { projection, rows, position, parked, live, rebuilt } = found
      const same = live === rebuilt
      if (!same) different++
      out.say(
        { projection, rows, position: String(position), parked, live, rebuilt, equal: same },
        `${projection.padEnd(20)} ${String(rows).padStart(8)} rows at ${position}  ${same ? 'equal' : 'DIFFERENT'}  `
          + `${live}${same ? '' : ` rebuilt ${rebuilt}`}${parked > 0 ? `  (${parked} streams parked)` : ''}`,
      )
    }
    return different + (await tellOutOfPlace(backend.store, out)) === 0 ? 'done' : 'found'
  })
