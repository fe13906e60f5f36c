import type { Journalled, Revocation, RevocationJournal } from './revocation-journal.js'

/** For specs and simulations: offsets are counts. */
export class InMemoryRevocationJournal implements RevocationJournal {
  readonly #records: Revocation[] = []

  append(revocation: Revocation) {
    this.#records.push(revocation)
    return Promise.resolve()
  }
  since(offset: number): Promise<readonly Journalled[]> {
    const from = offset > this.#records.length ? 0 : offset
    return Promise.resolve(this.#records.slice(from).map((revocation, n) => ({ revocation, end: from + n + 1 })))
  }
}
