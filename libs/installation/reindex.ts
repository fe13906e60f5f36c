import { DailyStream } from '#commands/daily-stream'
import { newId } from '#commands/ids'
import { RecordAccessed } from '#domain/access/events'
import type { HeldFields } from '#domain/person/details/record'
import { person } from '#domain/person/person'
import type { DataOfEvent } from '#event-kit/event'
import type { Scope } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import { systemActor } from '#processes/work'
import { envelopeOf } from '#projections/sealed'
import { declaredFor } from '#read-models/case-view/case'
import { subjectsAfter } from '#read-models/case-view/queries'
import { type IndexEntry, KeyMissing } from '#subject-keys/subject-keys'
import { indexEntriesOf } from '#subject-keys/search-values'
import type { Backend } from './backend.js'

const pageSize = 100
const searched = { 'ID.name': 'name', 'ID.dateOfBirth': 'dateOfBirth', 'ID.nhsNumber': 'nhsNumber', 'CON.phone': 'phone' } as const
type Field = keyof typeof searched
const fieldOfEntry = { nhsNumber: 'ID.nhsNumber', nameAndDateOfBirth: 'ID.name', phone: 'CON.phone' } as const

/** `lost`: people whose keys are lost, so that nobody can say what they are found by; their rows stay. */
export type ReindexProgress = { readonly done: number; readonly of: number; readonly lost: number }

/**
 * Builds the blind index anew, person by person, from what their record holds now: rows of values that were corrected go. Each opening is on record before it
 * happens. Repeatable, and safe while the service runs. @throws StoreUnavailable, KeyStoreUnavailable
 */
export async function* reindex(backend: Backend, signal?: AbortSignal): AsyncIterable<ReindexProgress> {
  const [total] = await backend.sql<{ n: number }[]>`select count(*)::int as n from read_model.case_view`
  const record = new DailyStream(backend.store, backend.codec, backend.clock, 'access')
  let lost = 0
  for (let [done, last] = [0, '00000000-0000-0000-0000-000000000000']; ;) {
    signal?.throwIfAborted()
    const page = await subjectsAfter(backend.sql, last, pageSize)
    for (const subjectRef of page) {
      try { await reindexPerson(backend, subjectRef as SubjectRef, record) } catch (error) {
        if (!(error instanceof KeyMissing)) throw error
        lost++
      }
    }
    done += page.length
    yield { done, of: total?.n ?? 0, lost }
    if (page.length < pageSize) return
    last = page.at(-1) ?? last
  }
}

/** The same for one person. @throws KeyMissing */
export async function reindexPerson({ store, codec, folds, keys, clock }: Backend, subjectRef: SubjectRef, record = new DailyStream(store, codec, clock, 'access')): Promise<void> {
  const { state: { held } } = await folds.load(person, subjectRef)
  const fields = (Object.keys(searched) as Field[]).filter(field => held.has(field))
  if (fields.length === 0) { await keys.reindex(subjectRef, []); return }
  const accessId = newId()
  await record.append([{
    id: newId(),
    ...RecordAccessed.of({ accessId: accessId as DataOfEvent<typeof RecordAccessed>['accessId'], subjectRef, what: 'SEARCH', fields, at: clock.now() }),
    metadata: {
      actor: systemActor, purpose: 'SERVICE_PROVISION', lawfulBasis: { art6: 'c' }, noticeVersion: 'NONE', policies: {}, regime: 'UK-GDPR', correlationId: accessId, commandId: accessId,
      command: 'vault.reindex', occurredAt: clock.now(),
    },
  }])
  const opened = await keys.open(fields.map(field => ({ subject: subjectRef, sealed: envelopeOf((held.get(field) as NonNullable<ReturnType<typeof held.get>>).value), declared: declaredFor(field) })))
  const known = Object.fromEntries(fields.flatMap((field, n) => {
    const value = opened[n]
    return value === undefined || value === 'erased' ? [] : [[searched[field], value.known as string]]
  }))
  await keys.reindex(subjectRef, indexEntriesOf(known, { identity: 'ID', contact: 'CON' }).map(entry => ({ ...entry, scope: scopeOf(held, entry) })))
}

/** A token dies with the value that it finds: a value from the referral stands in another scope than one that was recorded later. */
const scopeOf = (held: HeldFields, { field, scope }: IndexEntry): Scope => held.get(fieldOfEntry[field])?.scope ?? scope
