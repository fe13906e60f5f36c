import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { sealedValuesIn } from '#event-codec/walk'
import type { Sealed } from '#kernel/personal'
import { PostgresSubjectKeys } from '#subject-keys/postgres/postgres-subject-keys'
import { proveBackup, restoreVault } from '#subject-keys/postgres/vault-backup'
import type { KeyHistory } from '#subject-keys/restore-gate'
import type { Backend } from '#backend/backend'
import { provision } from '#hosting/provision'
import type { RolePasswords } from '#hosting/role-passwords'

export type DrillReport = {
  readonly backupMadeAt: string
  readonly keysRestored: number
  /** Keys that came back with the back-up although they were erased since: the gate destroyed them. */
  readonly undead: number
  /** Keys made since the back-up: in a real restore their data would be lost. */
  readonly younger: number
  readonly erasedTried: number
  readonly erasedOpened: number
  readonly liveTried: number
  readonly liveOpened: number
}
const sampleOfSubjects = 200
const valuesOfEach = 5

/**
 * Restores a back-up of the vault into a database beside the live one, lets it through the restore gate, and tries to open what was
 * erased and what is live.
 * The log is read, never written; the database is dropped afterwards. @throws BackupDamaged, WrongKeyProvider, StoreUnavailable
 */
export async function drillRestore(backend: Backend, admin: string, passwords: RolePasswords, file: string): Promise<DrillReport> {
  const { madeAt } = await proveBackup(file, backend.vault.provider)
  const database = `caseledger_drill_${randomBytes(4).toString('hex')}`
  const urls = await provision(admin, database, passwords)
  const sql = postgres(urls.vault, { max: 4, onnotice: () => undefined })
  try {
    await restoreVault(sql, file)
    const [restored] = await sql<{ n: number }[]>`select count(*)::int as n from vault.data_key`
    const keys = await PostgresSubjectKeys.start(sql, {
      provider: backend.vault.provider,
      journal: { ...readOnly, since: offset => backend.journal.since(offset) },
    })
    keys.hear(onlyRead(backend.history))
    const gate = await keys.passGate()
    const tried = await tryValues(backend, keys, new Set(gate?.lost))
    return { backupMadeAt: madeAt, keysRestored: restored?.n ?? 0, undead: gate?.undead ?? 0, younger: gate?.lost.length ?? 0, ...tried }
  } finally {
    await sql.end({ timeout: 5 })
    await drop(admin, database)
  }
}

const nothing = () => Promise.resolve()
const readOnly = { append: nothing }
const onlyRead = (history: KeyHistory): KeyHistory => ({
  holds: (position, eventId) => history.holds(position, eventId),
  since: position => history.since(position),
  hasFenced: () => Promise.resolve(true),
  stillLive: revocation => history.stillLive(revocation),
  refence: nothing,
})

async function tryValues({ history, store, codec }: Backend, keys: PostgresSubjectKeys, younger: ReadonlySet<string>) {
  const erasedKids = new Set<string>()
  const subjects = { erased: new Set<string>(), live: new Set<string>() }
  for await (const record of history.since(undefined)) {
    if (record.kind === 'announced' && subjects.live.size < sampleOfSubjects) subjects.live.add(record.key.subject)
    if (record.kind !== 'fenced') continue
    for (const kid of record.fence.kids) erasedKids.add(kid)
    if (subjects.erased.size < sampleOfSubjects) subjects.erased.add(record.fence.subject)
  }
  const found = { erasedTried: 0, erasedOpened: 0, liveTried: 0, liveOpened: 0 }
  for (const subject of new Set([...subjects.erased, ...subjects.live])) {
    const sealed: Sealed[] = []
    for await (const event of store.readStream(`person-${subject}`)) sealed.push(...sealedValuesIn(codec.decode(event).data))
    const erased = sealed.filter(({ kid }) => erasedKids.has(kid)).slice(0, valuesOfEach)
    const live = sealed.filter(({ kid }) => !erasedKids.has(kid) && !younger.has(kid)).slice(0, valuesOfEach)
    found.erasedTried += erased.length
    found.liveTried += live.length
    found.erasedOpened += await keys.probe(subject, erased)
    found.liveOpened += await keys.probe(subject, live)
  }
  return found
}

async function drop(admin: string, database: string) {
  const cluster = postgres(admin, { max: 1, onnotice: () => undefined })
  try {
    await cluster.unsafe(`drop database if exists ${database} with (force)`)
  } finally {
    await cluster.end()
  }
}
