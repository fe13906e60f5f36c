import { openBackend } from '#installation/backend'
import { dataDir } from '#installation/data-dir'
import { localDatabase } from '#installation/local-database'
import type { DecodedEvent } from '#event-codec/codec'
import type { PersonEvent } from '#domain/person/person'
import { type Command, UsageError, optionsOf } from './command.js'
import { inWords } from './history-in-words.js'

/** One person's history in words: clear facts only, nothing is opened. */
export const replay: Command = {
  name: 'replay',
  usage: 'replay --subject <ref> [--as-of <position or time>]',
  summary: 'Tells one person’s history in words, from the log. Opens nothing.',
  run: async args => {
    const { subject, 'as-of': asOf } = optionsOf(args, ['subject', 'as-of'])
    if (!subject || !/^[0-9a-f-]{36}$/i.test(subject)) throw new UsageError('--subject is the reference of a person, a UUID.')
    const within = limitOf(asOf)
    const dir = dataDir()
    const database = await localDatabase(dir)
    const backend = await openBackend(database.urls, dir)
    let told = 0
    try {
      let latest = ''
      for await (const recorded of backend.store.readStream(`person-${subject.toLowerCase()}`)) {
        const event = backend.codec.decode(recorded)
        latest = event.meta.recordedAt > latest ? event.meta.recordedAt : latest
        if (!within(event.meta.position, latest)) break
        told++
        process.stdout.write(`${line(event)}\n`)
      }
    } finally {
      await backend.close()
      await database.release()
    }
    if (told === 0) process.stderr.write('There is no history for this reference.\n')
    return told === 0 ? 1 : 0
  },
}

const line = (event: DecodedEvent) =>
  `${event.meta.recordedAt.slice(0, 19).replace('T', ' ')}  #${event.meta.revision}  ${inWords(event as unknown as DecodedEvent<PersonEvent>)}  [${event.meta.actor.role}]`

function limitOf(asOf: string | undefined): (position: bigint, latest: string) => boolean {
  if (asOf === undefined) return () => true
  if (/^\d{1,19}$/.test(asOf)) return position => position <= BigInt(asOf)
  const time = Date.parse(asOf)
  if (Number.isNaN(time)) throw new UsageError('--as-of is a position (digits) or an RFC 3339 instant.')
  return (_, latest) => Date.parse(latest) <= time
}
