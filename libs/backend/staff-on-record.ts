import type { Sql } from 'postgres'
import type { EventStore } from '#event-store/event-store'

/**
 * Who is registered by the log, and whom the table of identities knows: a member of staff whose row is gone is a stranger at their next
 * request, and two identities that lead to one member are one of them acting as the other. References only.
 */
export type StaffDifferences = { readonly gone: readonly string[]; readonly shared: readonly string[] }
const stream = 'staff-'

/** Reads the whole log. @throws StoreUnavailable; what the signal aborts with */
export async function* staffDifferences(
  { store, sql }: { readonly store: Pick<EventStore, 'readAll' | 'head'>; readonly sql: Sql },
  signal: AbortSignal,
): AsyncGenerator<{ readonly done: bigint; readonly of: bigint }, StaffDifferences> {
  const [registered, of] = [new Set<string>(), (await store.head()) ?? 0n]
  let n = 0
  for await (const event of store.readAll()) {
    if (event.type === 'StaffRegistered' && event.stream.startsWith(stream)) registered.add(event.stream.slice(stream.length))
    if (++n % 1_000 !== 0) continue
    signal.throwIfAborted()
    yield { done: event.position, of }
  }
  const rows = await sql<{ staff_ref: string; identities: string }[]>`
    select staff_ref, count(*) as identities from command.staff_identity group by staff_ref`
  const known = new Map(rows.map(row => [row.staff_ref, Number(row.identities)]))
  return {
    gone: [...registered].filter(ref => !known.has(ref)).sort(),
    shared: [...known].flatMap(([ref, identities]) => (identities > 1 ? [ref] : [])).sort(),
  }
}
