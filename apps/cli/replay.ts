import { inWords } from '#domain/person/in-words'
import type { PersonEvent } from '#domain/person/person'
import { catalogue } from '#event-codec/catalogue'
import { type DecodedEvent, EventCodec } from '#event-codec/codec'
import type { RecordedEvent } from '#event-store/event-store'
import type { JsonObject } from '#kernel/json'
import type { Report } from '#verifier/verdict'
import { historyIn, policyFor, withVerified } from './bundle-history.js'
import { UsageError, command, serviceOption, subjectOption } from './command.js'
import type { Ending } from './exit-codes.js'
import { endings } from './ledger-check.js'
import type { Out } from './out.js'
import { nameOption, replayCheck } from './projections.js'
import { type Api, Service, told } from './service.js'
import { withBackend } from './with-backend.js'

/** One person's history in words: clear facts only, nothing is opened. */
export const replay = command({
  name: 'replay',
  group: 'audit',
  summary:
    'Tells one person’s history in words, from the log; or, with --check, builds every read model anew beside the live one '
    + 'and compares them. Opens nothing. Ends with 1 when there is no history, or a read model is not what the log says.',
  options: {
    subject: subjectOption,
    'as-of': { takes: 'position or time', says: 'a position (digits) or an RFC 3339 instant: what was known then.' },
    service: serviceOption,
    bundle: {
      takes: 'folder',
      says: 'tell it from a bundle of the audit ledger: no database is asked. The bundle is verified first, and the verdict said first.',
    },
    policy: { takes: 'file', says: 'with --bundle: your trust policy. The installation’s own, or its signer’s keys, unless told.' },
    check: { says: 'Compare the read models with the log.' },
    name: { ...nameOption, says: 'with --check: one of them; all unless told.' },
  },
  run: async ({ subject, 'as-of': asOf, service, bundle, policy, check, name }, out) => {
    if (check) {
      if (service !== undefined)
        throw new UsageError('--check compares databases, so that nobody has to trust the service: leave --service out.')
      return replayCheck(name, out)
    }
    if (subject === undefined) throw new UsageError('replay needs --subject <ref>, or --check.')
    if (bundle !== undefined && service !== undefined)
      throw new UsageError('A bundle is told without a service: leave --service or --bundle out.')
    const tell = (events: AsyncIterable<RecordedEvent> | Iterable<RecordedEvent>) => tellHistory(events, limitOf(asOf), out)
    const stream = `person-${subject.toLowerCase()}`
    const orNothing = (told: number): Ending => {
      if (told === 0) out.complain('found', 'There is no history for this reference.')
      return told === 0 ? 'found' : 'done'
    }
    if (bundle !== undefined)
      return withVerified(bundle, await policyFor(policy), async (report, read) => {
        sayVerdict(report, out)
        if (report.verdict === 'FAILED' || !read) return endings[report.verdict]
        const ending = orNothing(await tell(historyIn(read, stream)))
        return report.verdict === 'VERIFIED' ? ending : endings[report.verdict]
      })
    return orNothing(
      service === undefined
        ? await withBackend(({ backend: { store } }) => tell(store.readStream(stream)))
        : await tell(historyFrom(new Service(service), stream)),
    )
  },
})

/** Before anything of a bundle is told: whether it is what was signed. Of one that is not, nothing is. */
function sayVerdict({ verdict, findings }: Report, out: Out) {
  const why = findings.map(({ what, index }) => `${index === undefined ? '' : `leaf ${index}: `}${what}`).slice(0, 10)
  const then = { VERIFIED: 'what follows is what was signed', FAILED: 'nothing of it is told' }[verdict as string]
  out.say(
    { verdict, findings },
    [`${verdict}: ${then ?? 'what follows cannot be held against what was signed, or not all of it'}.`, ...why].join('\n'),
  )
}

/** Decodes only: it has no keys. */
const codec = new EventCodec(catalogue, { seal: () => Promise.reject(new Error('This codec seals nothing')) })

async function tellHistory(
  events: AsyncIterable<RecordedEvent> | Iterable<RecordedEvent>,
  within: (position: bigint, latest: string) => boolean,
  out: Out,
): Promise<number> {
  let [count, latest] = [0, '']
  for await (const recorded of events) {
    const event = codec.decode(recorded)
    const { recordedAt, revision, position, actor, eventId } = event.meta
    latest = recordedAt > latest ? recordedAt : latest
    if (!within(position, latest)) break
    const words = inWords(event as unknown as DecodedEvent<PersonEvent>)
    out.say(
      { eventId, revision: String(revision), position: String(position), recordedAt, type: event.type, role: actor.role, words },
      `${recordedAt.slice(0, 19).replace('T', ' ')}  #${revision}  ${words}  [${actor.role}]`,
    )
    count++
  }
  return count
}

/** The stored events of a stream, as the service gives them to an auditor: sealed. The service records that they were read. */
async function* historyFrom(service: Service, stream: string): AsyncIterable<RecordedEvent> {
  const page = (api: Api, after: string | undefined) =>
    api.GET('/v1/events', { params: { query: { stream, limit: 1_000, ...told({ after }) } } })
  for await (const { position, revision, data, metadata, ...event } of service.all(page)) {
    yield { ...event, data: data as JsonObject, metadata: metadata as JsonObject, position: BigInt(position), revision: BigInt(revision) }
  }
}

function limitOf(asOf: string | undefined): (position: bigint, latest: string) => boolean {
  if (asOf === undefined) return () => true
  if (/^\d{1,19}$/.test(asOf)) return position => position <= BigInt(asOf)
  const time = Date.parse(asOf)
  if (Number.isNaN(time)) throw new UsageError('--as-of is a position (digits) or an RFC 3339 instant.')
  return (_, latest) => Date.parse(latest) <= time
}
