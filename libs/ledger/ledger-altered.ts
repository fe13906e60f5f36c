/**
 * Somebody changed the ledger in its database, so that what would be sequenced or signed next would stand on it. Nothing is, until it is
 * again what it was: asking again finds out. The message names what differs.
 */
export class LedgerAltered extends Error {
  constructor(readonly why: string) {
    super(`The audit ledger was changed in its database: ${why}. Nothing is sequenced or signed until it is mended`)
  }
}
