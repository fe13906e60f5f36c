import { derivedId, newId } from '#commands/ids'
import { isDetail } from '#domain/person/details/record'
import { type Kept, fieldsUnder, replaceKey } from '#domain/person/keys/replace-key'
import { person } from '#domain/person/person'
import { sealedValuesIn } from '#event-codec/walk'
import type { RetirementCause } from '#event-kit/key-events'
import type { Scope } from '#event-kit/scope'
import type { KeyId, SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { systemFacts } from '#commands/machine-facts'
import { declaredPlace } from '#subject-keys/envelope'
import { machineReader } from '#opening/access-record'
import { recordedVaultOf } from '#opening/recorded-vault'
import type { Backend } from '#backend/backend'
import { reindexAfterRetirement } from './reindex.js'

type ReplacementAsked = {
  readonly subjectRef: SubjectRef
  readonly scope: Scope
  readonly cause: RetirementCause
  readonly without?: string | undefined
}
export type Replaced = { readonly kept: number; readonly kid: string }
const attempts = 4

/** There is no key of this scope, or it seals what would be lost with it. */
export class NotReplaceable extends Error {}

/**
 * Replaces the key of a scope: the fields of the record that it seals are opened, which is recorded first, sealed again under the next
 * generation, and the key is destroyed. Resumable: a replacement that was interrupted is finished by the worker, or by asking again.
 * @throws NotReplaceable, KeyMissing, SubjectErased, StoreUnavailable, KeyStoreUnavailable
 */
export async function replaceSubjectKey(backend: Backend, asked: ReplacementAsked): Promise<Replaced> {
  const { keys, commands, clock } = backend
  const { subjectRef } = asked
  for (let attempt = 1; ; attempt++) {
    const { kid } = await replacementOf(backend, asked)
    const kept = await openKept(backend, asked, kid)
    await keys.renew(subjectRef, kid)
    const outcome = await commands.execute({
      aggregate: person,
      id: subjectRef,
      // Somebody may have sealed a text under the old key since it was looked for; from the renewal on nobody does.
      ifMatch: await sealsNothingElse(backend, subjectRef, kid),
      facts: systemFacts({
        purpose: 'LEGAL_OBLIGATION',
        correlationId: derivedId(kid, 'replacement'),
        commandId: newId(),
        command: 'keys.replace',
        occurredAt: clock.now(),
      }),
      decide: replaceKey({ ...asked, kid }, kept, clock.now()),
    })
    if (outcome.kind !== 'accepted') {
      if (attempt === attempts) throw new NotReplaceable('This record is being changed all the time; ask again')
      continue
    }
    const retired = outcome.events.find(({ type }) => type === 'KeyRetired')
    if (retired) await keys.close({ subject: subjectRef, scopes: [], kids: [kid], fenceEventId: retired.meta.eventId, cause: asked.cause })
    if (asked.cause === 'FIELD_ERASED') await reindexAfterRetirement(backend, subjectRef)
    return { kept: kept.size, kid }
  }
}

/**
 * The key that a replacement would destroy, and the fields that it would seal again. Changes and opens nothing. @throws NotReplaceable,
 * StoreUnavailable
 */
export async function replacementOf(
  backend: Backend,
  { subjectRef, scope, without }: ReplacementAsked,
): Promise<{ readonly kid: KeyId; readonly fields: readonly string[] }> {
  const {
    state: { keys, held },
  } = await backend.folds.load(person, subjectRef)
  const kid = [...keys.live].find(([, of]) => of === scope)?.[0]
  if (!kid) throw new NotReplaceable(`There is no live key for ${scope} of this person`)
  await sealsNothingElse(backend, subjectRef, kid)
  return {
    kid,
    fields: fieldsUnder(held, kid)
      .map(([field]) => field)
      .filter(field => field !== without),
  }
}

/** A text outside the record has nowhere to be sealed again. Answers up to which revision there is none. @throws NotReplaceable */
async function sealsNothingElse({ store, codec }: Backend, subjectRef: string, kid: string): Promise<bigint> {
  let [others, revision] = [0, 0n]
  for await (const recorded of store.readStream(`person-${subjectRef}`)) {
    others += sealedValuesIn(codec.decode(recorded).data).filter(sealed => sealed.kid === kid && !isDetail(declaredPlace(sealed.at))).length
    revision = recorded.revision
  }
  if (others > 0)
    throw new NotReplaceable(
      `This key seals ${others} texts outside the record, such as reasons and letters, which would be lost with it. `
        + 'Record the details anew under their own category first, or erase the scope',
    )
  return revision
}

async function openKept(backend: Backend, { subjectRef, without }: ReplacementAsked, kid: KeyId): Promise<ReadonlyMap<string, Kept>> {
  const {
    state: { held },
  } = await backend.folds.load(person, subjectRef)
  const fields = fieldsUnder(held, kid).filter(([field]) => field !== without)
  const opened = await recordedVaultOf(backend).held(machineReader('keys.replace'), {
    subjectRef,
    fields,
    what: 'CASE',
    purpose: 'LEGAL_OBLIGATION',
  })
  return new Map(
    fields.flatMap(([field, { eventId }]) => {
      const value = opened.get(field)
      return value === undefined ? [] : [[field, { eventId, value: Personal.of(value) }] as const]
    }),
  )
}
