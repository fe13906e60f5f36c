import type { HeldFields } from '#domain/person/details/record'
import { person } from '#domain/person/person'
import type { Scope } from '#event-kit/scope'
import type { ExpectedRevision } from '#event-store/event-store'
import type { SubjectRef } from '#kernel/id'
import { subjectsAfter } from '#read-models/case-view/queries'
import { type IndexEntry, KeyMissing, SubjectErased } from '#subject-keys/subject-keys'
import { indexEntriesOf } from '#subject-keys/search-values'
import { machineReader } from '#opening/access-record'
import { type RecordedVault, recordedVaultOf } from '#opening/recorded-vault'
import type { Backend } from '#backend/backend'

const pageSize = 100
const attempts = 5
const searched = { 'ID.name': 'name', 'ID.dateOfBirth': 'dateOfBirth', 'ID.nhsNumber': 'nhsNumber', 'CON.phone': 'phone' } as const
const fieldOfEntry = {
  nhsNumber: 'ID.nhsNumber',
  foldedNameAndDateOfBirth: 'ID.name',
  nameAndDateOfBirth: 'ID.name',
  phone: 'CON.phone',
} as const

/**
 * `lost`: people whose keys are lost, so that nobody can say what they are found by; `changing`: people whose record was changed all the
 * time. Their rows stay.
 */
export type ReindexProgress = { readonly done: number; readonly of: number; readonly lost: number; readonly changing: number }

/**
 * Builds the blind index anew, person by person, from what their record holds now: rows of values that were corrected go. Each opening is
 * on record before it happens. Repeatable, and safe while the service runs. @throws NotCurrent, StoreUnavailable, KeyStoreUnavailable
 */
export async function* reindex(backend: Backend, signal?: AbortSignal): AsyncIterable<ReindexProgress> {
  // Everybody whom it would pass over otherwise.
  await backend.readModels.assertLive('case-view')
  const [total] = await backend.sql<{ n: number }[]>`select count(*)::int as n from read_model.case_view`
  const vault = recordedVaultOf(backend)
  let [lost, changing] = [0, 0]
  for (let [done, last] = [0, '00000000-0000-0000-0000-000000000000']; ;) {
    signal?.throwIfAborted()
    const page = await subjectsAfter(backend.sql, last, pageSize)
    for (const subjectRef of page) {
      try {
        await enterAnew(backend, subjectRef as SubjectRef, vault)
      } catch (error) {
        if (error instanceof KeyMissing) lost++
        else if (error instanceof RecordChanging) changing++
        // An erasure removes the tokens itself.
        else if (!(error instanceof SubjectErased)) throw error
      }
    }
    done += page.length
    yield { done, of: total?.n ?? 0, lost, changing }
    if (page.length < pageSize) return
    last = page.at(-1) ?? last
  }
}

type Indexed = Pick<Backend, 'folds'> & { readonly keys: Pick<Backend['keys'], 'reindex'> }
type Opens = Pick<RecordedVault, 'held'>
/** The same for one person; once more while the record changes under it. @throws KeyMissing, SubjectErased, RecordChanging */
export const reindexPerson = (backend: Backend, subjectRef: SubjectRef): Promise<void> =>
  enterAnew(backend, subjectRef, recordedVaultOf(backend))

async function enterAnew(backend: Indexed, subjectRef: SubjectRef, vault: Opens): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    let read: ExpectedRevision | undefined
    await backend.keys.reindex(subjectRef, async () => {
      const {
        state: { held },
        revision,
        commands,
      } = await backend.folds.load(person, subjectRef)
      read = revision
      const fields = [...held].filter(([field]) => field in searched)
      const opened = await vault.held(machineReader('vault.reindex'), { subjectRef, fields, what: 'SEARCH', purpose: 'SERVICE_PROVISION' })
      const known = Object.fromEntries([...opened].map(([field, value]) => [searched[field as keyof typeof searched], value as string]))
      const entries = indexEntriesOf(known, { identity: 'ID', contact: 'CON' }).map(entry => ({ ...entry, scope: scopeOf(held, entry) }))
      return { entries, recorded: [...commands.keys()] }
    })
    if ((await backend.folds.load(person, subjectRef)).revision === read) return
  }
  throw new RecordChanging()
}

/** How many people are found by their names as they were folded before: as few spellings find them as did then, until a reindexing. */
export async function foldedAsBefore({ vault }: Pick<Backend, 'vault'>): Promise<number> {
  const [row] = await vault.sql<
    { people: number }[]
  >`select count(distinct subject)::int as people from vault.blind_index where field = 'nameAndDateOfBirth'`
  return row?.people ?? 0
}

/**
 * After a key was retired with an erased field: what the scope was found by died with the key; what stays of it is found again. Not where
 * another key of the person is lost, nor after an erasure. @throws RecordChanging, StoreUnavailable, KeyStoreUnavailable
 */
export const reindexAfterRetirement = (backend: Backend, subjectRef: SubjectRef): Promise<void> =>
  reindexWhatStays(backend, subjectRef, recordedVaultOf(backend))

/** The same after a value was withdrawn, opened by whoever withdrew it. */
export async function reindexWhatStays(backend: Indexed, subjectRef: SubjectRef, vault: Opens): Promise<void> {
  try {
    await enterAnew(backend, subjectRef, vault)
  } catch (error) {
    if (!(error instanceof KeyMissing) && !(error instanceof SubjectErased)) throw error
  }
}

/** What a person is found by was put back from a record that was already another. */
class RecordChanging extends Error {
  constructor() {
    super('A record is being changed all the time; ask again')
  }
}

/** A token dies with the value that it finds: a value from the referral stands in another scope than one that was recorded later. */
const scopeOf = (held: HeldFields, { field, scope }: IndexEntry): Scope => held.get(fieldOfEntry[field])?.scope ?? scope
