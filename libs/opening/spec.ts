import { StreamFolds } from '#commands/folds'
import { newId } from '#commands/ids'
import { systemFacts } from '#commands/machine-facts'
import { Policies } from '#commands/policies-in-force'
import { breachExamples } from '#domain/breach/examples'
import { examples } from '#domain/person/examples'
import { subjectRef } from '#domain/person/invented'
import { person } from '#domain/person/person'
import { catalogue } from '#event-codec/catalogue'
import { EventCodec } from '#event-codec/codec'
import { envelopeOf } from '#event-codec/sealed'
import { ErasureFenced } from '#event-kit/key-events'
import { type Scope, categoryOf } from '#event-kit/scope'
import { type NewEvent, StoreUnavailable } from '#event-store/event-store'
import { InMemoryEventStore } from '#event-store/memory/memory-event-store'
import type { StaffRole } from '#kernel/actor'
import type { KeyId, StaffRef } from '#kernel/id'
import { defaultPack } from '#policy/default-pack'
import { policyNames } from '#policy/events'
import { InMemorySubjectKeys } from '#subject-keys/memory'
import { type ToOpen } from '#subject-keys/subject-keys'
import { Opening, type SealedRecord } from './opening.js'
import { RecordedVault } from './recorded-vault.js'
import { Records } from './records.js'

export const clock = { now: () => '2026-11-29T09:00:00.000Z' }
export const { breachId } = breachExamples.BreachReported.data
export const correlationId = newId()
export const refusalsPerSecond = 3
/** What reaches the log and the vault, in the order in which it does. */
export async function world() {
  const happened: string[] = []
  class Log extends InMemoryEventStore {
    refusesAccess = false
    override append(stream: string, expected: bigint | 'no_stream', events: readonly NewEvent[]) {
      if (this.refusesAccess && stream.startsWith('access-')) return Promise.reject(new StoreUnavailable(new Error('switched off')))
      for (const { type } of events) happened.push(type)
      return super.append(stream, expected, events)
    }
  }
  class Vault extends InMemorySubjectKeys {
    override open(values: readonly ToOpen[]) {
      happened.push(`opened ${values.length}`)
      return super.open(values)
    }
  }
  const [store, keys] = [new Log(clock), new Vault()]
  const codec = new EventCodec(catalogue, keys)
  const folds = new StreamFolds(store, codec)
  const append = async (stream: string, ...events: readonly { readonly type: string; readonly data: object }[]) => {
    const metadata = systemFacts({ purpose: 'AUDIT', correlationId, commandId: newId(), command: 'Spec', occurredAt: clock.now() })
    const encoded = await codec.encode(events.map(({ type, data }) => ({ id: newId(), type, data, metadata })))
    await store.append(stream, (await store.lastOf(stream))?.revision ?? 'no_stream', encoded.events)
  }
  for (const name of policyNames) if (defaultPack[name].length > 0) await append(`policy-${name}`, ...defaultPack[name])
  await append(`person-${subjectRef}`, examples.ReferralReceived, examples.PersonalDetailsRecorded, examples.HealthDataRecorded)
  await append(`breach-${breachId}`, breachExamples.BreachReported)
  const records = new Records(store, codec, clock, { warn: (_, message) => happened.push(message) }, refusalsPerSecond)
  const vault = new RecordedVault(keys, folds, records.accesses)
  const opening = new Opening(new Policies(folds), clock, vault, records.denied.bind(records), folds)
  const held = async () => [...(await folds.load(person, subjectRef)).state.held]
  const record = recordOf(await held())
  happened.length = 0
  return { happened, store, keys, append, vault, opening, held, record, events: () => eventsOf(store) }
}
type Held = readonly (readonly [string, { readonly value: Parameters<typeof envelopeOf>[0]; readonly scope: Scope }])[]
const factOf = ([field, { scope }]: Held[number]) => [field, { category: categoryOf(field), scope, erased: false }] as const
export const recordOf = (held: Held): SealedRecord => ({
  facts: { fields: Object.fromEntries(held.map(factOf)) },
  values: Object.fromEntries(held.map(([field, { value }]) => [field, envelopeOf(value)])),
})
async function eventsOf(store: InMemoryEventStore) {
  const events: { readonly type: string; readonly data: object; readonly metadata: object }[] = []
  for await (const event of store.readAll({ after: 0n })) if (/^(access|refusal)-/.test(event.stream)) events.push(event)
  return events
}
const given = { correlationId, grants: new Map(), teams: null, trainedUntil: undefined } as const
export const reader = (role: StaffRole) => ({ ...given, actor: { id: newId() as StaffRef, role } })
export type World = Awaited<ReturnType<typeof world>>
export async function fenced({ held }: World, ...scopes: readonly Scope[]) {
  const kids = (await held()).filter(([, { scope }]) => scopes.includes(scope)).map(([, { value }]) => envelopeOf(value).kid as KeyId)
  return ErasureFenced.of({ ...examples.ErasureFenced.data, extent: 'SCOPES', scopes, kids: [...new Set(kids)] })
}
