import type { Sql } from 'postgres'
import type { LoggedEvent } from '#event-store/event-store'
import { type LeafHeader, isEntry } from '#verifier/leaf-header'
import { isEdited } from '../leaf.js'

/**
 * Somebody put an event into the log that can be no next leaf: every verifier would refuse each bundle with it, for ever. The ledger does
 * not go on over it.
 */
export class NoNextLeaf extends Error {
  constructor({ pos, id }: Pick<LeafHeader, 'pos' | 'id'>, why: string) {
    super(`The event at position ${pos} (${id}) can be no leaf of the audit ledger: ${why}. Nothing is sequenced or signed from there on`)
  }
}

/** Why an event can be no leaf, whatever stands before it: none that the service appended is like that. */
export const whyNoLeaf = (event: LoggedEvent, header: LeafHeader): string | undefined =>
  event.damaged
  ?? (isEdited(event, header)
    ? 'what stands there is not canonical JSON, as all is that the service appends: somebody changed it'
    : undefined)

/** @throws NoNextLeaf for an event that somebody changed before it was a leaf, so that it can be none */
export function assertIsOurs(event: LoggedEvent, header: LeafHeader): void {
  const why = whyNoLeaf(event, header)
  if (why !== undefined) throw new NoNextLeaf(header, why)
}

/**
 * @param entry as which the header would be a leaf: whoever verifies it has to read it. @param expected the revision that comes next in its
 * stream; a later one is a gap, and another matter. @throws NoNextLeaf
 */
export function assertComesNext(header: LeafHeader, entry: string, expected: bigint): void {
  if (!isEntry(entry)) throw new NoNextLeaf(header, 'its revision, position or recorded time is none that a leaf can say')
  if (BigInt(header.rev) < expected)
    throw new NoNextLeaf(header, `it is revision ${header.rev} of its stream, and ${expected} comes next in it`)
}

/** Holds each event's id against every leaf that there is: an id stands in a ledger once. */
export class IdsOfLeaves {
  /** Of the batch before, which may still be on its way to the database. */
  #before: ReadonlySet<string> = new Set()

  constructor(
    private readonly sql: Sql,
    private readonly goesOnOver: (eventId: string) => boolean,
  ) {}

  /** @throws NoNextLeaf for an id that an earlier leaf has */
  async assertNew(log: number, batch: readonly LeafHeader[]): Promise<void> {
    const rows = await this.sql<{ event_id: string }[]>`
      select event_id from ledger.leaf where log = ${log} and event_id = any(${batch.map(({ id }) => id)}::uuid[])`
    const [earlier, here] = [new Set(rows.map(row => row.event_id)), new Set<string>()]
    for (const header of batch) {
      const { id } = header
      if ((earlier.has(id) || this.#before.has(id) || here.has(id)) && !this.goesOnOver(id))
        throw new NoNextLeaf(header, 'an earlier leaf is of an event with the same id')
      here.add(id)
    }
    this.#before = here
  }
}
