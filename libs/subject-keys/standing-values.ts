import { type IndexEntry, type IndexMatch, reservationMs } from './subject-keys.js'

/** The entries of one thing that people are found by, as it is entered now and as it was before. */
const alike: readonly (readonly IndexEntry['field'][])[] = [['nameAndDateOfBirth', 'foldedNameAndDateOfBirth']]
export const entriesLike = (field: IndexEntry['field']): readonly IndexEntry['field'][] =>
  alike.find(fields => fields.includes(field)) ?? [field]

/** The commands that a person's record holds, each with the revision from which on. */
export type Recorded = ReadonlyMap<string, { readonly from: bigint }>
/** In the order of the log. */
export const inOrder = (recorded: Recorded): readonly string[] =>
  [...recorded].sort(([, a], [, b]) => (a.from < b.from ? -1 : 1)).map(([commandId]) => commandId)

/**
 * Whether a person is still found by what an entry says: the log decides, also where whoever corrected the value did not live to take the
 * entry of the old one away. An entry of a command that is not in the log is on its way there, for a while.
 */
export function stillStands({ subject, commandId, reservedAt, later }: IndexMatch, recorded: Recorded, now: string): boolean {
  const own = recorded.get(commandId)?.from
  // Entered anew from the record, under the person's own id.
  if (own === undefined && commandId !== subject) return Date.parse(now) - Date.parse(reservedAt) < reservationMs
  return !later.some(other => (recorded.get(other)?.from ?? -1n) > (own ?? -1n))
}
