import { DailyStream } from '#commands/daily-stream'
import { newId } from '#commands/ids'
import { RecordAccessed } from '#domain/access/events'
import type { DataOfEvent } from '#event-kit/event'
import type { Scope } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import { systemActor } from '#processes/work'
import { type Case, declaredFor } from '#read-models/case-view/case'
import { casesAfter } from '#read-models/case-view/queries'
import type { IndexEntry } from '#subject-keys/subject-keys'
import { indexEntriesOf } from '#subject-keys/search-values'
import type { Backend } from './backend.js'

const pageSize = 100
const searched = { 'ID.name': 'name', 'ID.dateOfBirth': 'dateOfBirth', 'ID.nhsNumber': 'nhsNumber', 'CON.phone': 'phone' } as const
type Field = keyof typeof searched

/**
 * Builds the blind index anew, person by person, from what the case view holds now: rows of values that were corrected go. Each opening is on record before it
 * happens. Repeatable, and safe while the service runs. @throws StoreUnavailable, KeyStoreUnavailable
 */
export async function* reindex({ sql, store, codec, keys, clock }: Backend, signal?: AbortSignal): AsyncIterable<{ readonly done: number; readonly of: number }> {
  const record = new DailyStream(store, codec, clock, 'access')
  const [total] = await sql<{ n: number }[]>`select count(*)::int as n from read_model.case_view`
  let [done, last] = [0, '00000000-0000-0000-0000-000000000000']
  for (;;) {
    signal?.throwIfAborted()
    const page = await casesAfter(sql, last, pageSize)
    for (const { subjectRef, facts, values } of page) {
      const fields = (Object.keys(searched) as Field[]).filter(field => values[field] !== undefined)
      last = subjectRef
      done++
      if (fields.length === 0) continue
      const accessId = newId()
      await record.append([{
        id: newId(),
        ...RecordAccessed.of({ accessId: accessId as DataOfEvent<typeof RecordAccessed>['accessId'], subjectRef: subjectRef as SubjectRef, what: 'SEARCH', fields, at: clock.now() }),
        metadata: {
          actor: systemActor, purpose: 'SERVICE_PROVISION', lawfulBasis: { art6: 'c' }, noticeVersion: 'NONE', policies: {}, regime: 'UK-GDPR', correlationId: accessId, commandId: accessId,
          command: 'vault.reindex', occurredAt: clock.now(),
        },
      }])
      const opened = await keys.open(fields.map(field => ({ subject: subjectRef, sealed: values[field] as NonNullable<typeof values[Field]>, declared: declaredFor(field) })))
      const known = Object.fromEntries(fields.flatMap((field, n) => {
        const value = opened[n]
        return value === undefined || value === 'erased' ? [] : [[searched[field], value.known as string]]
      }))
      await keys.reindex(subjectRef, indexEntriesOf(known, { identity: 'ID', contact: 'CON' }).map(entry => ({ ...entry, scope: scopeOf(facts, entry) })))
    }
    yield { done, of: total?.n ?? 0 }
    if (page.length < pageSize) return
  }
}

/** A token dies with the value that it finds: a value from the referral stands in another scope than one that was recorded later. */
function scopeOf(facts: Case['facts'], { field, scope }: IndexEntry): Scope {
  const source = { nhsNumber: 'ID.nhsNumber', nameAndDateOfBirth: 'ID.name', phone: 'CON.phone' }[field]
  return facts.fields[source]?.scope ?? scope
}
