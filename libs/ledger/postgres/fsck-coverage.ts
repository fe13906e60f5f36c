/**
 * What fsck holds the columns of the ledger's tables against, and which it cannot. A test compares this with what the database has, and
 * changes each: no column is forgotten.
 */
export type Coverage = { readonly against: string } | { readonly not: string }
const against = (what: string): Coverage => ({ against: what })
const not = (why: string): Coverage => ({ not: why })
const ledger = against('the ledgers that there are: a row of none is named')

export const coverage: Readonly<Record<string, Readonly<Record<string, Coverage>>>> = {
  log: {
    log: ledger,
    origin: against('what its leaves and checkpoints say'),
    size: against('the leaves that there are'),
    position: against('its last leaf'),
    event_id: against('its last leaf'),
    is_live: against('what the signer signs for; and one ledger goes on, unless it was ended'),
  },
  leaf: {
    log: ledger,
    idx: against('the others: none is missing'),
    entry: against('its hash, the tree and the root that was signed'),
    leaf_hash: against('its entry'),
    event_id: against('its entry'),
    stream: against('its entry'),
    rev: against('its entry'),
    position: against('its entry'),
  },
  tile: {
    log: ledger,
    level: against('the tree of the leaves'),
    idx: against('the tree of the leaves'),
    hashes: against('the tree of the leaves'),
  },
  edge: { log: ledger, level: against('the tree of the leaves'), hashes: against('the tree of the leaves') },
  checkpoint: {
    log: ledger,
    size: against('its note'),
    note: against('the key of the signer, the leaves, and what signer, witnesses and sink remember'),
    signed_at: against('the leaves below it, the checkpoints beside it, and the times of witnesses and stamps, within two minutes'),
  },
  cosignature: {
    log: ledger,
    size: against('the checkpoint that it signs'),
    witness: against('the policy'),
    line: against('the witness’s key in the policy'),
  },
  time_stamp: {
    log: ledger,
    size: against('the checkpoint that it stamps'),
    note: against('the checkpoint that it stamps'),
    token: against('what it stamps'),
    stamped_at: against('the stamp'),
  },
  halt: {
    part: not('it is what a worker said last, and no part of the ledger'),
    why: not('it is what a worker said last, and no part of the ledger'),
    since: not('it is what a worker said last, and no part of the ledger'),
  },
}
