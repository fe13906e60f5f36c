import type { Sql } from 'postgres'
import { derivedId, eventIdOf, newId } from '#commands/ids'
import { InstallationBegun } from '#domain/installation/events'
import type { EventCodec } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import { announcesKey } from '#event-kit/key-subjects'
import { appendForSure } from '#event-store/append-for-sure'
import { type EventStore, WrongExpectedRevision } from '#event-store/event-store'
import { isBorneOut } from '#event-store/standing'
import type { Clock } from '#kernel/clock'
import { systemFacts } from '#commands/machine-facts'
import { type LogPlace, type VaultMark, knownKeys, markOf, nameOf, pastOf, setMark } from '#subject-keys/postgres/vault-mark'
import type { EventStoreChoice } from '#hosting/settings'
import { WrongLog } from '#hosting/wrong-log'

const stream = 'installation-log'
/** So many announced keys are looked for in a vault that was never bound; one that sealed this log knows all of them. */
const asked = 100

type Begun = Pick<DataOfEvent<typeof InstallationBegun>, 'logId' | 'vaultId'>
type LogVaultAndClock = { readonly store: EventStore; readonly codec: EventCodec; readonly vault: Sql; readonly clock: Clock }
/**
 * `older`: a copy of the log from before it named its vault came back, and names it again, where the vault knows the keys in it. `look`:
 * what does not fit is refused, and nothing is written. `unchecked`: nothing is read of the log either.
 */
export type WhichLog = 'own' | 'older' | 'look' | 'unchecked'

/**
 * The log and the vault know each other: the log by an event of its own, the first of a new one, the vault by its mark, which also says
 * in which store and namespace the log is. Both are made when an installation begins, or when one from before there were marks is started
 * for the first time.
 * @throws WrongLog, StoreUnavailable, KeyStoreUnavailable
 */
export async function bindLogAndVault(parts: LogVaultAndClock, choice: EventStoreChoice, which: WhichLog): Promise<void> {
  if (which === 'unchecked') return
  const place = placeOf(choice)
  const mark = await markOf(parts.vault)
  if (mark.log && !isSame(mark.log, place))
    throw new WrongLog(
      `This installation keeps its log in ${inWords(mark.log)}, and it was started with ${inWords(place)}. ${settingsFor(mark.log)}`,
    )
  const begun = await beginningOf(parts)
  const looks = which === 'look'
  if (begun) return known(parts, begun, place, looks)
  if (mark.log && which !== 'older')
    throw new WrongLog(
      `The log in ${inWords(place)} is not the one that this installation’s vault belongs to: it does not begin with its name. `
        + 'Is it another server, or an empty one? Restore the log that belongs here. For a copy of it from before it had a name: '
        + 'caseledger recover --older-log',
    )
  await assertOurs(parts, mark, place)
  if (!looks) await begin(parts, mark, place)
}

/** @throws WrongLog where the vault is not, or is no longer, the one that the log names; StoreUnavailable, KeyStoreUnavailable */
export async function assertOwnLog(parts: Pick<LogVaultAndClock, 'store' | 'codec' | 'vault'>): Promise<void> {
  const [mark, begun] = [await markOf(parts.vault), await beginningOf(parts)]
  if (!begun || begun.vaultId !== mark.vaultId || begun.logId !== mark.log?.logId)
    throw new WrongLog(`Log and vault do not name each other: ${anotherVault}`)
}

const anotherVault =
  'it belongs to another installation. Take a store or a namespace of your own (EVENTSTOREDB_URL, CASELEDGER_EVENT_STORE_NAMESPACE), '
  + 'or the database and key folder that belong to this log (DATABASE_URL, CASELEDGER_DATA_DIR, CASELEDGER_KEYS_DIR).'

/** A log that says whose it is. */
async function known({ vault, ...parts }: LogVaultAndClock, { logId, vaultId }: Begun, place: LogPlace, looks = false) {
  // Read after the log: another process of this installation names the vault first, and may have done both meanwhile.
  const mark = await markOf(vault)
  if (mark.log?.logId === logId && mark.vaultId === vaultId) return
  // A vault that was never bound: it died before it was, or came from a back-up of before there were marks.
  const isThis = mark.log === undefined && (mark.vaultId === vaultId || (await knowsKeysOf({ vault, ...parts })))
  if (!isThis) throw new WrongLog(`The log in ${inWords(place)} names another vault: ${anotherVault}`)
  if (!looks) await setMark(vault, vaultId, { ...place, logId })
}

/** A log that does not say whose it is, and a vault: two new ones, or two that have worked together. */
async function assertOurs(parts: LogVaultAndClock, mark: VaultMark, place: LogPlace): Promise<void> {
  if (await announcesNothing(parts.store)) {
    const { keyless, heard } = await pastOf(parts.vault)
    if (mark.log === undefined && keyless && (!heard || (await isBorneOut(parts.store, heard)))) return
    throw new WrongLog(
      `The vault has worked with another log: the log in ${inWords(place)} announces no key: it is another log, or an empty one. `
        + 'Restore the log that belongs here.',
    )
  }
  if (!(await knowsKeysOf(parts)))
    throw new WrongLog(`The vault holds none of the keys that the log in ${inWords(place)} announces: ${anotherVault}`)
}

async function begin({ store, codec, vault, clock }: LogVaultAndClock, mark: VaultMark, place: LogPlace) {
  // First: one that dies after it named the log knows it again.
  const vaultId = await nameOf(vault)
  const data = { logId: mark.log?.logId ?? newId(), vaultId, at: clock.now() } as DataOfEvent<typeof InstallationBegun>
  const commandId = derivedId(vaultId, 'begin')
  const metadata = systemFacts({
    purpose: 'LEGAL_OBLIGATION',
    correlationId: derivedId(vaultId, 'correlation'),
    commandId,
    command: 'BeginInstallation',
    occurredAt: data.at,
  })
  const { events } = await codec.encode([{ id: eventIdOf(stream, commandId, '0'), ...InstallationBegun.of(data), metadata }])
  try {
    await appendForSure(store, stream, 'no_stream', events)
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error
  }
  // Another process of this installation may have been first, and with another name; or of another one.
  const begun = await beginningOf({ store, codec })
  if (!begun) throw new WrongLog(`The log in ${inWords(place)} does not say back whose it is: ${anotherVault}`)
  await known({ store, codec, vault, clock }, begun, place)
}

async function beginningOf({ store, codec }: Pick<LogVaultAndClock, 'store' | 'codec'>): Promise<Begun | undefined> {
  for await (const event of store.readStream(stream, { limit: 1 })) return codec.decode(event).data as Begun
  return undefined
}

async function announcesNothing(store: EventStore): Promise<boolean> {
  for await (const { type } of store.readAll()) if (announcesKey(type)) return false
  return true
}

async function knowsKeysOf({ store, vault }: Pick<LogVaultAndClock, 'store' | 'vault'>): Promise<boolean> {
  const kids: string[] = []
  for await (const { type, data } of store.readAll()) {
    if (announcesKey(type)) kids.push(data['kid'] as string)
    if (kids.length === asked) break
  }
  return (await knownKeys(vault, kids)) > 0
}

const placeOf = (choice: EventStoreChoice): LogPlace => ({
  store: choice.kind,
  namespace: choice.kind === 'eventstoredb' ? choice.namespace : undefined,
})
const isSame = (one: LogPlace, other: LogPlace) => one.store === other.store && one.namespace === other.namespace
const inWords = ({ store, namespace }: LogPlace) =>
  store === 'eventstoredb' ? `EventStoreDB (${namespace === undefined ? 'without a namespace' : `namespace ${namespace}`})` : 'PostgreSQL'
const settingsFor = ({ store, namespace }: LogPlace) =>
  store === 'eventstoredb'
    ? 'Set CASELEDGER_EVENT_STORE=eventstoredb, EVENTSTOREDB_URL, '
      + `and ${namespace === undefined ? 'no CASELEDGER_EVENT_STORE_NAMESPACE' : `CASELEDGER_EVENT_STORE_NAMESPACE=${namespace}`}.`
    : 'Take CASELEDGER_EVENT_STORE out of the settings, or set it to postgres.'
