import { type Fence, type KeyFact, isErasure } from './subject-keys.js'
import type { Revocation, RevocationJournal } from './revocation-journal.js'

/**
 * How far a vault has heard what the log and the journal say about keys. It is kept in the vault, so a restored vault knows what it
 * missed.
 */
export type GateStanding = { readonly position: bigint; readonly eventId: string; readonly journalOffset: number }

/** What the log says about keys, in its order; `scanned` after each stretch says how far it was read. */
export type KeyRecord =
  | { readonly kind: 'announced'; readonly key: KeyFact }
  | { readonly kind: 'fenced'; readonly fence: Fence }
  | { readonly kind: 'scanned'; readonly position: bigint; readonly eventId: string }

/** The log, as far as keys are concerned. The vault stands below it and is given this by the installation. */
export interface KeyHistory {
  /** @throws StoreUnavailable */
  holds(position: bigint, eventId: string): Promise<boolean>
  /** From after a position, or from the start. @throws StoreUnavailable */
  since(position: bigint | undefined): AsyncIterable<KeyRecord>
  /** Whether the log has a fence over all of this. A subject of whom the log knows nothing needs none. */
  hasFenced(revocation: Revocation): Promise<boolean>
  /** Those of these keys that the log announced and neither fenced nor retired. */
  stillLive(keys: Pick<Revocation, 'subject' | 'kids'>): Promise<readonly KeyFact[]>
  /** Puts back a fence that the log lost. Idempotent. */
  refence(revocation: Revocation): Promise<void>
}

/** A vault that can be told what it missed. */
export interface GatedVault {
  /** One process at a time. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  gateStanding(): Promise<GateStanding | undefined>
  moveGate(standing: GateStanding): Promise<void>
  /**
   * As `SubjectKeys.close`, without a new line in the journal where it has one. Answers how many keys were there: keys that had come
   * back.
   */
  apply(fence: Fence, journalled: boolean): Promise<number>
  /**
   * The log does not know (any more) that this key was retired, so what it seals is all that is left of it: it is not erased. It goes on
   * where the vault has it and nothing was to be erased with it; else it is lost.
   */
  reinstate(key: KeyFact, goesOn: boolean): Promise<void>
  /**
   * Notes announced keys that the vault neither holds nor has destroyed, so that they are never minted again; forgets those that are
   * back. Answers the lost.
   */
  noteLost(announced: readonly KeyFact[]): Promise<readonly string[]>
}

export type GateReport = {
  /** The log is not the one that was read: it was read again from the start. */
  readonly rewound: boolean
  readonly fences: number
  /** Keys that a fence or the journal names and that the vault held all the same: destroyed now. */
  readonly undead: number
  /** Fences that were put back into the log. */
  readonly refenced: number
  /** Keys that were replaced, as the journal says, by what a log that was restored does not hold: they go on, or are lost. */
  readonly reinstated: number
  /** Announced, unfenced keys that the vault lacks. */
  readonly lost: readonly string[]
}

/**
 * Before anything is opened: the fences of the log and of the revocation journal are applied to the vault, the log gets back any fence
 * that it lost, and lost keys are noted (ADR-0009). Reads what is new since the vault last passed; everything, where the log is another
 * one.
 */
export async function passRestoreGate(vault: GatedVault, journal: RevocationJournal, history: KeyHistory): Promise<GateReport> {
  return vault.exclusively(async () => {
    const stood = await vault.gateStanding()
    const rewound = stood !== undefined && !(await history.holds(stood.position, stood.eventId))
    const from = rewound ? undefined : stood
    const revocations = await journal.since(from?.journalOffset ?? 0)
    const { undead, refenced, reinstated } = await applyJournal(
      vault,
      history,
      revocations.map(({ revocation }) => revocation),
    )
    const heard = await applyLog(vault, history, from?.position)
    const lost = await vault.noteLost(heard.announced)
    const journalOffset = revocations.at(-1)?.end ?? from?.journalOffset ?? 0
    const to = heard.scanned ?? from
    if (to) await vault.moveGate({ position: to.position, eventId: to.eventId, journalOffset })
    return { rewound, fences: heard.fences, undead: undead + heard.undead, refenced, reinstated, lost }
  })
}

async function applyJournal(vault: GatedVault, history: KeyHistory, revocations: readonly Revocation[]) {
  let [undead, refenced, reinstated] = [0, 0, 0]
  for (const revocation of revocations) {
    const live = isErasure(revocation.cause) ? [] : await history.stillLive(revocation)
    if (live.length > 0) {
      for (const key of live) await vault.reinstate(key, revocation.cause === 'COMPROMISED')
      reinstated += live.length
      continue
    }
    undead += await vault.apply(revocation, true)
    if (!isErasure(revocation.cause) || (await history.hasFenced(revocation))) continue
    await history.refence(revocation)
    refenced++
  }
  return { undead, refenced, reinstated }
}

async function applyLog(vault: GatedVault, history: KeyHistory, after: bigint | undefined) {
  const announced = new Map<string, KeyFact>()
  let [fences, undead] = [0, 0]
  let scanned: { readonly position: bigint; readonly eventId: string } | undefined
  for await (const record of history.since(after)) {
    switch (record.kind) {
      case 'announced':
        announced.set(record.key.kid, record.key)
        break
      case 'fenced':
        fences++
        undead += await vault.apply(record.fence, false)
        for (const kid of record.fence.kids) announced.delete(kid)
        break
      case 'scanned':
        scanned = record
        break
    }
  }
  return { announced: [...announced.values()], fences, undead, scanned }
}
