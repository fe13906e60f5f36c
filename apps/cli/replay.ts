import type { DecodedEvent } from '#event-codec/codec'
import type { PersonEvent } from '#domain/person/person'
import { type Command, UsageError, optionsOf, say } from './command.js'
import { inWords } from './history-in-words.js'
import { replayCheck } from './projections.js'
import { withBackend } from './with-backend.js'

/** One person's history in words: clear facts only, nothing is opened. */
export const replay: Command = {
  name: 'replay',
  usage: 'replay --subject <ref> [--as-of <position or time>]  |  replay --check [--name <projection>]',
  summary: 'Tells one person’s history in words, from the log; or builds every read model anew beside the live one and compares them. Opens nothing.',
  run: async args => {
    if (args[0] === '--check') return replayCheck(optionsOf(args.slice(1), ['name']).name)
    const { subject, 'as-of': asOf } = optionsOf(args, ['subject', 'as-of'])
    if (!subject || !/^[0-9a-f-]{36}$/i.test(subject)) throw new UsageError('--subject is the reference of a person, a UUID.')
    const within = limitOf(asOf)
    const told = await withBackend(async ({ backend: { store, codec } }) => {
      let [count, latest] = [0, '']
      for await (const recorded of store.readStream(`person-${subject.toLowerCase()}`)) {
        const event = codec.decode(recorded)
        latest = event.meta.recordedAt > latest ? event.meta.recordedAt : latest
        if (!within(event.meta.position, latest)) break
        count++
        say(line(event))
      }
      return count
    })
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
