import { type KeyFact, closedBy, isErasure } from '#subject-keys/subject-keys'
import type { Backend } from '#backend/backend'

export type KeyPlace = { readonly kid: string; readonly subject: string; readonly scope: string }
/**
 * What log, vault and revocation journal say about every key. `lost`: announced, fenced nowhere, and not in the vault: data that cannot
 * be read any more, an availability breach. `undead`: fenced or in the journal, and in the vault all the same: the restore gate destroys
 * it before anything is opened. `orphans`: in the vault and never announced: harmless, or the keys of a part of the log that was lost.
 * `fencesLost`: in the journal and not fenced in the log. `toReplace`: replaced because somebody else may know them, by what this log
 * does not hold: they are in use again.
 */
export type Reconciliation = {
  readonly live: number
  readonly erased: number
  readonly lost: readonly KeyPlace[]
  readonly undead: readonly KeyPlace[]
  readonly orphans: readonly KeyPlace[]
  readonly fencesLost: readonly string[]
  readonly toReplace: readonly KeyPlace[]
}

/** Compares, and changes nothing. @throws StoreUnavailable */
export async function reconcileKeys({ history, journal, vault }: Pick<Backend, 'history' | 'journal' | 'vault'>): Promise<Reconciliation> {
  const announced = new Map<string, KeyFact>()
  const fenced = new Set<string>()
  const closed = new Set<string>()
  for await (const record of history.since(undefined)) {
    if (record.kind === 'announced') announced.set(record.key.kid, record.key)
    if (record.kind !== 'fenced') continue
    for (const kid of record.fence.kids) fenced.add(kid)
    for (const scope of closedBy(record.fence)) closed.add(`${record.fence.subject}|${scope}`)
  }
  const revocations = (await journal.since(0)).map(({ revocation }) => revocation)
  const erased = new Set(revocations.filter(({ cause }) => isErasure(cause)).flatMap(({ kids }) => kids))
  const retired = new Set(revocations.filter(({ cause }) => !isErasure(cause)).flatMap(({ kids }) => kids))
  const compromised = new Set(revocations.filter(({ cause }) => cause === 'COMPROMISED').flatMap(({ kids }) => kids))
  const held = new Map<string, KeyPlace>()
  for await (const page of vault.sql<
    { kid: string; subject: string; scope: string }[]
  >`select kid, subject, scope from vault.data_key order by kid`.cursor(1_000)) {
    for (const { kid, subject, scope } of page) held.set(kid, { kid, subject, scope })
  }
  const known = [...announced.values()].map(({ kid, subject, scope }): KeyPlace => ({ kid, subject, scope }))
  const isClosed = (key: KeyFact | undefined) => key !== undefined && closed.has(`${key.subject}|${key.scope}`)
  // What a key that was retired seals is gone only where the log has what took its place.
  const gone = (kid: string) =>
    fenced.has(kid) || isClosed(announced.get(kid)) || erased.has(kid) || (retired.has(kid) && !announced.has(kid))
  const toReplace = [...held.values()].filter(({ kid }) => compromised.has(kid) && !gone(kid))
  // A key that was retired since the log was read is in the journal and not yet in what was read.
  const since = new Set<string>()
  for (const { kid, subject } of known) {
    if (gone(kid) || held.has(kid) || !retired.has(kid)) continue
    if ((await history.stillLive({ subject, kids: [kid] })).length === 0) since.add(kid)
  }
  return {
    live: known.filter(({ kid }) => held.has(kid) && !gone(kid)).length - toReplace.length,
    erased: known.filter(({ kid }) => gone(kid) && !held.has(kid)).length,
    lost: known.filter(({ kid }) => !gone(kid) && !held.has(kid) && !since.has(kid)),
    undead: [...held.values()].filter(({ kid }) => gone(kid)),
    orphans: [...held.values()].filter(({ kid }) => !announced.has(kid) && !gone(kid)),
    fencesLost: [...erased].filter(kid => announced.has(kid) && !fenced.has(kid) && !isClosed(announced.get(kid))),
    toReplace,
  }
}
