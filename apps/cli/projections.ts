import type { Projection } from '#projections/projection'
import { listUnread } from '#processes/postgres/unread'
import { listParked, unpark } from '#projections/postgres/parking'
import { type Progress, compareWithRebuilt, rebuild } from '#projections/postgres/rebuild'
import { projections } from '#read-models/all'
import { type Command, UsageError, optionsOf, say } from './command.js'
import { withBackend } from './with-backend.js'

function chosen(name: string | undefined): readonly Projection[] {
  const found = name === undefined ? projections : projections.filter(projection => projection.name === name)
  if (found.length === 0) throw new UsageError(`--name is one of ${projections.map(projection => projection.name).join(', ')}.`)
  return found
}

const progressOf = ({ projections: of, events, position, upTo }: Progress) => { process.stderr.write(`${of.length === 1 ? of[0] : `${of.length} projections`}: ${events} events, at ${position} of ${upTo}\n`) }

export const projectionsStatus: Command = {
  name: 'projections status',
  usage: 'projections status',
  summary: 'Where each projection stands, the streams that it could not go on with, and the events that a process could not read.',
  run: async args => {
    optionsOf(args, [])
    return withBackend(async ({ backend: { store, readModels, sql } }) => {
      const head = await store.head() ?? 0n
      const standing = await readModels.checkpoints()
      for (const { name } of projections) say(`${name.padEnd(20)} ${String(standing.get(name) ?? 0n).padStart(12)} of ${head}`)
      for (const { projection, stream, position, error, parkedAt } of await listParked(sql)) say(`PARKED  ${projection}  ${stream}  at ${position}  ${error}  since ${parkedAt}`)
      for (const { process, stream, position, error, since } of await listUnread(sql)) say(`UNREAD  process ${process}  ${stream}  at ${position}  ${error}  since ${since}`)
      return 0
    })
  },
}

export const rebuildProjections: Command = {
  name: 'projections rebuild',
  usage: 'projections rebuild [--name <projection>]',
  summary: 'Builds read models anew from the log, beside the live ones, and swaps them in. Stops at the first failure and leaves the live ones alone.',
  run: async args => {
    const { name } = optionsOf(args, ['name'])
    const wanted = chosen(name)
    return withBackend(async ({ backend, signal }) => {
      for await (const progress of rebuild(wanted, { ...backend, signal })) progressOf(progress)
      for (const projection of wanted) say(`${projection.name} was rebuilt.`)
      return 0
    })
  },
}

export const unparkProjection: Command = {
  name: 'projections unpark',
  usage: 'projections unpark --name <projection> --stream <stream>',
  summary: 'Goes on with a stream that a projection had parked, once its cause is mended.',
  run: async args => {
    const { name, stream } = optionsOf(args, ['name', 'stream'])
    if (name === undefined || stream === undefined) throw new UsageError('--name and --stream say which: caseledger projections status lists them.')
    return withBackend(async ({ backend: { sql, store, codec } }) => {
      const done = await unpark(sql, store, codec, chosen(name)[0] as Projection, stream)
      say(done ? `${name} goes on with ${stream}.` : 'That stream is not parked.')
      return done ? 0 : 1
    })
  },
}

/** Exit code 1 when a read model is not what the log says. */
export const replayCheck = (name: string | undefined): Promise<number> => withBackend(async ({ backend, signal }) => {
  let different = 0
  for await (const found of compareWithRebuilt(chosen(name), { ...backend, signal })) {
    if ('events' in found) { progressOf(found); continue }
    const same = found.live === found.rebuilt
    if (!same) different++
    say(`${found.projection.padEnd(20)} ${String(found.rows).padStart(8)} rows at ${found.position}  ${same ? 'equal' : 'DIFFERENT'}  ${found.live}${same ? '' : ` rebuilt ${found.rebuilt}`}${found.parked > 0 ? `  (${found.parked} streams parked)` : ''}`)
  }
  return different === 0 ? 0 : 1
})
