import type { KeyFact } from '#subject-keys/subject-keys'
import type { Backend } from './backend.js'

export type KeyPlace = { readonly kid: string; readonly subject: string; readonly scope: string }
/**
 * What log, vault and revocation journal say about every key. `lost`: announced, fenced nowhere, and not in the vault: data that cannot be read any more, an
 * availability breach. `undead`: fenced or in the journal, and in the vault all the same: the restore gate destroys it before anything is opened. `orphans`: in
 * the vault and never announced: harmless, or the keys of a part of the log that was lost. `fencesLost`: in the journal and not fenced in the log.
 */
export type Reconciliation = {
  readonly live: number
  readonly erased: number
  readonly lost: readonly KeyPlace[]
  readonly undead: readonly KeyPlace[]
  readonly orphans: readonly KeyPlace[]
  readonly fencesLost: readonly string[]
}

/** Compares, and changes nothing. @throws StoreUnavailable */
export async function reconcileKeys({ history, journal, vault }: Pick<Backend, 'history' | 'journal' | 'vault'>): Promise<Reconciliation> {
  const announced = new Map<string, KeyFact>()
  const fenced = new Set<string>()
  for await (const record of history.since(undefined)) {
    if (record.kind === 'announced') announced.set(record.key.kid, record.key)
    if (record.kind === 'fenced') for (const kid of record.fence.kids) fenced.add(kid)
  }
  const revoked = new Set((await journal.since(0)).flatMap(({ revocation }) => revocation.kids))
  const held = new Map<string, KeyPlace>()
  for await (const page of vault.sql<{ kid: string; subject: string; scope: string }[]>`select kid, subject, scope from vault.data_key order by kid`.cursor(1_000)) {
    for (const { kid, subject, scope } of page) held.set(kid, { kid, subject, scope })
  }
  const known = [...announced.values()].map(({ kid, subject, scope }): KeyPlace => ({ kid, subject, scope }))
  const gone = (kid: string) => fenced.has(kid) || revoked.has(kid)
  return {
    live: known.filter(({ kid }) => held.has(kid) && !gone(kid)).length,
    erased: known.filter(({ kid }) => gone(kid) && !held.has(kid)).length,
    lost: known.filter(({ kid }) => !gone(kid) && !held.has(kid)),
    undead: [...held.values()].filter(({ kid }) => gone(kid)),
    orphans: [...held.values()].filter(({ kid }) => !announced.has(kid) && !gone(kid)),
    fencesLost: [...revoked].filter(kid => announced.has(kid) && !fenced.has(kid)),
  }
}
