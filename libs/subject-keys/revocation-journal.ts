import type { Fence } from './subject-keys.js'

/** Keys that were destroyed and scopes that were closed, with the fence that says why. */
export type Revocation = Fence
/** A revocation and where the journal goes on after it. */
export type Journalled = { readonly revocation: Revocation; readonly end: number }

/**
 * The key provider's own record of what was destroyed: append-only, outside the database, backed up apart. It is written before the
 * destruction is committed, so a database that comes back from a back-up can be told what it forgot (ADR-0009).
 */
export interface RevocationJournal {
  /** Returns once the record would survive a power cut. */
  append(revocation: Revocation): Promise<void>
  /**
   * What was recorded after an offset that this journal gave; from the start when the journal is shorter than that, as a restored one is.
   */
  since(offset: number): Promise<readonly Journalled[]>
}
