import { DailyStream } from '#commands/daily-stream'
import { derivedId, newId } from '#commands/ids'
import { RecordAccessed } from '#domain/access/events'
import { type Kept, fieldsUnder, replaceKey } from '#domain/person/keys/replace-key'
import { person } from '#domain/person/person'
import { sealedValuesIn } from '#event-codec/walk'
import type { DataOfEvent } from '#event-kit/event'
import type { Scope } from '#event-kit/scope'
import type { KeyId, SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { systemActor } from '#processes/work'
import { envelopeOf } from '#projections/sealed'
import { declaredFor } from '#read-models/case-view/case'
import { declaredPlace } from '#subject-keys/envelope'
import type { Backend } from './backend.js'
import { reindexPerson } from './reindex.js'

type Asked = { readonly subjectRef: SubjectRef; readonly scope: Scope; readonly cause: 'COMPROMISED' | 'FIELD_ERASED'; readonly without?: string | undefined }
export type Replaced = { readonly kept: number; readonly kid: string }
const attempts = 4
const inTheRecord = /^(PersonalDetailsRecorded|HealthDataRecorded)\|values\./

/** There is no key of this scope, or it seals what would be lost with it. */
export class NotReplaceable extends Error {}

/**
 * Replaces the key of a scope: the fields of the record that it seals are opened, which is recorded first, sealed again under the next generation, and the key is
 * destroyed. Resumable: a replacement that was interrupted is finished by the worker, or by asking again.
 * @throws NotReplaceable, KeyMissing, SubjectErased, StoreUnavailable, KeyStoreUnavailable
 */
export async function replaceSubjectKey(backend: Backend, asked: Asked): Promise<Replaced> {
  const { folds, keys, commands, clock } = backend
  const { subjectRef, scope } = asked
  for (let attempt = 1; ; attempt++) {
    const { state } = await folds.load(person, subjectRef)
    const kid = [...state.keys.live].find(([, of]) => of === scope)?.[0]
    if (!kid) throw new NotReplaceable(`There is no live key for ${scope} of this person`)
    await assertNothingElse(backend, subjectRef, kid)
    const kept = await openKept(backend, asked, kid)
    await keys.renew(subjectRef, kid)
    const outcome = await commands.execute({
      aggregate: person, id: subjectRef,
      facts: {
        actor: systemActor, purpose: 'LEGAL_OBLIGATION', lawfulBasis: { art6: 'c' }, noticeVersion: 'NONE', policies: {}, regime: 'UK-GDPR', correlationId: derivedId(kid, 'replacement'),
        commandId: newId(), command: 'keys.replace', occurredAt: clock.now(),
      },
      decide: replaceKey({ ...asked, kid }, kept, clock.now()),
    })
    if (outcome.kind !== 'accepted') {
      if (attempt === attempts) throw new NotReplaceable('This record is being changed all the time; ask again')
      continue
    }
    const retired = outcome.events.find(({ type }) => type === 'KeyRetired')
    if (retired) await keys.close({ subject: subjectRef, scopes: [], kids: [kid], fenceEventId: retired.meta.eventId })
    // The search token of a field that was left out goes with it.
    if (asked.without !== undefined) await reindexPerson(backend, subjectRef)
    return { kept: kept.size, kid }
  }
}

/** A text outside the record has nowhere to be sealed again. @throws NotReplaceable */
async function assertNothingElse({ store, codec }: Backend, subjectRef: string, kid: string) {
  let others = 0
  for await (const recorded of store.readStream(`person-${subjectRef}`)) {
    others += sealedValuesIn(codec.decode(recorded).data).filter(sealed => sealed.kid === kid && !inTheRecord.test(declaredPlace(sealed.at))).length
  }
  if (others > 0) throw new NotReplaceable(`This key seals ${others} texts outside the record, such as reasons and letters, which would be lost with it. Record the details anew under their own category first, or erase the scope`)
}

async function openKept({ store, codec, clock, folds, keys }: Backend, { subjectRef, without }: Asked, kid: KeyId): Promise<ReadonlyMap<string, Kept>> {
  const { state } = await folds.load(person, subjectRef)
  const fields = fieldsUnder(state.held, kid).filter(([field]) => field !== without)
  if (fields.length === 0) return new Map()
  const accessId = newId()
  await new DailyStream(store, codec, clock, 'access').append([{
    id: newId(),
    ...RecordAccessed.of({ accessId: accessId as DataOfEvent<typeof RecordAccessed>['accessId'], subjectRef, what: 'CASE', fields: fields.map(([field]) => field), at: clock.now() }),
    metadata: {
      actor: systemActor, purpose: 'LEGAL_OBLIGATION', lawfulBasis: { art6: 'c' }, noticeVersion: 'NONE', policies: {}, regime: 'UK-GDPR', correlationId: accessId, commandId: accessId, command: 'keys.replace',
      occurredAt: clock.now(),
    },
  }])
  const opened = await keys.open(fields.map(([field, { value }]) => ({ subject: subjectRef, sealed: envelopeOf(value), declared: declaredFor(field) })))
  return new Map(fields.flatMap(([field, { eventId }], n) => {
    const value = opened[n]
    return value === undefined || value === 'erased' ? [] : [[field, { eventId, value: Personal.of(value.known) }] as const]
  }))
}
