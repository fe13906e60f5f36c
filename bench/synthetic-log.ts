import { randomBytes, randomUUID } from 'node:crypto'
import { examples } from '#domain/person/examples'
import { catalogue } from '#event-codec/catalogue'
import { EventCodec, type EventToStore } from '#event-codec/codec'
import type { EventMetadata } from '#event-codec/metadata'
import type { EventStore } from '#event-store/event-store'
import type { Sealed } from '#kernel/personal'
import { systemFacts } from '#commands/machine-facts'
import type { ToSeal } from '#subject-keys/subject-keys'

/** What projections never open need not be sealed: an envelope of the right form in the right place. */
const iv = randomBytes(12).toString('base64url')
const ct = randomBytes(80).toString('base64url')
const unsealed = {
  seal: (values: readonly ToSeal[]) =>
    Promise.resolve({ sealed: values.map(({ at, subject }): Sealed => ({ v: 1, kid: subject, iv, ct, at })), keys: [] }),
}
const codec = new EventCodec(catalogue, unsealed)

export const metadata = (): EventMetadata =>
  systemFacts({
    purpose: 'SERVICE_PROVISION',
    correlationId: randomUUID(),
    commandId: randomUUID(),
    command: 'Bench',
    occurredAt: '2026-11-01T09:00:00.000Z',
  })

type Example = { readonly type: string; readonly data: object }
/** An example, as it happened to this person. */
const eventOf = (subjectRef: string, { type, data }: Example, more: object = {}): EventToStore => ({
  id: randomUUID(),
  type,
  data: { ...data, subjectRef, ...more },
  metadata: metadata(),
})

/**
 * One person's events, ten in all: two keys, a referral, the wish, the eligibility, two records of details, a consent, and a disclosure
 * that was shared and dispatched; every twentieth person is then erased, in six more.
 */
function eventsOf(subjectRef: string, nth: number): readonly EventToStore[] {
  const [keys, disclosureId] = [[subjectRef, randomUUID()], randomUUID()]
  const at = (example: Example, more?: object) => eventOf(subjectRef, example, more)
  const [erasureId, requestId] = [randomUUID(), randomUUID()]
  return [
    ...keys.map((kid, n) => at(examples.SubjectKeyCreated, { kid, scope: n === 0 ? 'REF' : 'EMP' })),
    at(examples.ReferralReceived, { referralId: randomUUID() }),
    at(examples.ServiceWishConfirmed),
    at(examples.EligibilityConfirmed),
    at(examples.PersonalDetailsRecorded),
    at(examples.HealthDataRecorded),
    at(examples.ConsentGranted, { formId: randomUUID() }),
    at(examples.DataShared, { disclosureId }),
    at(examples.DisclosureDispatched, { disclosureId }),
    ...(nth % 20 === 0
      ? [
          at(examples.ErasureRequested, { requestId }),
          at(examples.ErasureApproved, { erasureId, requestId }),
          at(examples.ErasureFenced, { erasureId, kids: keys }),
          ...keys.map(kid => at(examples.SubjectKeyDestroyed, { erasureId, kid })),
          at(examples.ErasureCompleted, { erasureId, requestId, kids: keys, certificateId: randomUUID() }),
        ]
      : []),
  ]
}

/** Appends people until so many events are written, thirty-two at a time unless told. */
export async function fill(store: EventStore, upTo: number, writers = 32): Promise<number> {
  let [written, nth] = [0, 0]
  const writer = async () => {
    while (written < upTo) {
      const subjectRef = randomUUID()
      const { events } = await codec.encode(eventsOf(subjectRef, nth++))
      written += events.length
      await store.append(`person-${subjectRef}`, 'no_stream', events)
    }
  }
  await Promise.all(Array.from({ length: writers }, writer))
  return written
}

const appendedAtOnce = 500

async function append(store: EventStore, stream: string, events: readonly EventToStore[]) {
  for (let from = 0; from < events.length; from += appendedAtOnce) {
    const { events: encoded } = await codec.encode(events.slice(from, from + appendedAtOnce))
    const last = await store.lastOf(stream)
    await store.append(stream, last?.revision ?? 'no_stream', encoded)
  }
}

/** A person of so many events: the ten of everybody, then details that change and disclosures in turn. */
export async function longLife(store: EventStore, subjectRef: string, events: number): Promise<void> {
  const life = [...eventsOf(subjectRef, 1)]
  while (life.length < events) {
    const disclosureId = randomUUID()
    life.push(
      eventOf(subjectRef, examples.PersonalDetailsRecorded),
      eventOf(subjectRef, examples.DataShared, { disclosureId }),
      eventOf(subjectRef, examples.DisclosureDispatched, { disclosureId }),
    )
  }
  await append(store, `person-${subjectRef}`, life.slice(0, events))
}

/** The request and the approval that an erasure begins with. */
export async function approveErasure(store: EventStore, subjectRef: string, erasureId: string): Promise<void> {
  const requestId = randomUUID()
  await append(store, `person-${subjectRef}`, [
    eventOf(subjectRef, examples.ErasureRequested, { requestId }),
    eventOf(subjectRef, examples.ErasureApproved, { erasureId, requestId }),
  ])
}
