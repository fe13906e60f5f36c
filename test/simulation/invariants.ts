import { EventCodec } from '#event-codec/codec'
import { catalogue } from '#event-codec/catalogue'
import type { DecodedEvent } from '#event-codec/codec'
import { sealedValuesIn } from '#event-codec/walk'
import type { DataOfEvent } from '#event-kit/event'
import type { ErasureFenced, SubjectKeyCreated } from '#event-kit/key-events'
import { declaredPlace } from '#subject-keys/envelope'
import { CaseTable } from './read-model.js'
import type { Durable } from './service.js'
import { sentAsItMay } from './sharing.js'

/** What was promised to somebody: how many events a command led to. */
export type Acknowledged = ReadonlyMap<string, { readonly stream: string; readonly events: number }>

/** What has to hold once everything has come to rest. Answers what does not, in words. */
export async function broken({ log, vault, cases, erasures, sending }: Durable, acknowledged: Acknowledged): Promise<readonly string[]> {
  const events = await everything(log)
  return [
    ...onceEach(events, acknowledged),
    ...oneKeyEach(events),
    ...(await whatIsErased(events, vault, cases)),
    ...(await whatIsLive(events, vault)),
    ...equalsRebuilt(events, cases),
    ...sentAsItMay(events, sending.left),
    ...[...sending.work.keys()].map(workId => `nobody knows what became of the disclosure ${workId}`),
    ...[...erasures.work.keys()].map(workId => `the erasure ${workId} was never completed`),
  ]
}

async function everything(log: Durable['log']): Promise<readonly DecodedEvent[]> {
  const codec = new EventCodec(catalogue, { seal: () => Promise.reject(new Error('nothing is sealed here')) })
  const events: DecodedEvent[] = []
  for await (const recorded of log.readAll()) events.push(codec.decode(recorded))
  return events
}

function* onceEach(events: readonly DecodedEvent[], acknowledged: Acknowledged) {
  const ids = new Set(events.map(({ meta }) => meta.eventId))
  if (ids.size !== events.length) yield `${events.length - ids.size} events are stored twice`
  for (const [commandId, { stream, events: promised }] of acknowledged) {
    const stored = events.filter(
      event => event.stream === stream && event.metadata.commandId === commandId && event.type !== 'SubjectKeyCreated',
    ).length
    if (stored !== promised) yield `a command was acknowledged with ${promised} events, and ${stored} are stored`
  }
  const decisions = new Map<string, number>()
  for (const { type, data } of events)
    if (type === 'ErasureApproved')
      decisions.set((data as { requestId: string }).requestId, (decisions.get((data as { requestId: string }).requestId) ?? 0) + 1)
  for (const n of decisions.values()) if (n > 1) yield `one request was decided ${n} times`
}

function* oneKeyEach(events: readonly DecodedEvent[]) {
  const kids = new Map<string, string>()
  for (const { type, data } of events) {
    if (type !== 'SubjectKeyCreated') continue
    const { subjectRef, scope, generation, kid } = data as DataOfEvent<typeof SubjectKeyCreated>
    const slot = `${subjectRef}|${scope}|${generation}`
    if ((kids.get(slot) ?? kid) !== kid) yield `two keys were made for the ${scope} of one person`
    kids.set(slot, kid)
  }
}

const fencesIn = (events: readonly DecodedEvent[]) =>
  events.filter(({ type }) => type === 'ErasureFenced').map(({ data }) => data as DataOfEvent<typeof ErasureFenced>)

async function whatIsErased(events: readonly DecodedEvent[], vault: Durable['vault'], cases: CaseTable): Promise<readonly string[]> {
  const found: string[] = []
  for (const { subjectRef, kids } of fencesIn(events)) {
    const sealed = events
      .filter(({ stream }) => stream === `person-${subjectRef}`)
      .flatMap(({ data }) => sealedValuesIn(data))
      .filter(({ kid }) => kids.includes(kid as never))
    const opened = await vault.probe(subjectRef, sealed)
    if (opened > 0) found.push(`${opened} erased values open`)
    if (cases.sealedUnder(subjectRef, kids) > 0) found.push('the case view holds sealed values of what was erased')
    if (!events.some(({ type, stream }) => type === 'ErasureCompleted' && stream === `person-${subjectRef}`))
      found.push('an erasure has no certificate')
  }
  const certificates = events.filter(({ type }) => type === 'ErasureCompleted').map(({ data }) => (data as { erasureId: string }).erasureId)
  if (new Set(certificates).size !== certificates.length) found.push('an erasure has two certificates')
  return found
}

/** A value that no fence names opens, or its key is noted as lost. And nothing is called erased that no fence names. */
async function whatIsLive(events: readonly DecodedEvent[], vault: Durable['vault']): Promise<readonly string[]> {
  const fenced = new Set<string>(fencesIn(events).flatMap(({ kids }) => kids))
  const lost = new Set(await vault.noteLost([]))
  const found: string[] = []
  for (const { stream, data } of events) {
    for (const sealed of sealedValuesIn(data)) {
      if (fenced.has(sealed.kid) || lost.has(sealed.kid)) continue
      const subject = stream.slice('person-'.length)
      const [opened] = await vault.open([{ subject, sealed, declared: [declaredPlace(sealed.at)] }]).catch((error: unknown) => [error])
      if (opened === 'erased') found.push('a value is called erased that no fence names')
      else if (opened instanceof Error) found.push(`a live value does not open: ${opened.constructor.name}`)
    }
  }
  return found
}

function* equalsRebuilt(events: readonly DecodedEvent[], cases: CaseTable) {
  const rebuilt = new CaseTable()
  rebuilt.apply(events)
  const text = ({ rows }: CaseTable) => JSON.stringify([...rows].sort(([a], [b]) => (a < b ? -1 : 1)))
  if (text(rebuilt) !== text(cases)) yield 'the case view is not what the log says'
}
