import { createHash } from 'node:crypto'
import type { EncodedEvent } from '../appendable.js'

/** The SQLSTATE with which the append functions store nothing, because it would have been something else than they were given. */
const nothingStored = 'CL001'
/** What was sent would have been changed; nothing was stored. */
export const wasPrevented = (error: unknown): boolean => (error as { readonly code?: unknown } | null)?.code === nothingStored

/** Of an event as it is to stand in the table: event_store.digest_of says it of one as it stands there. */
export const digestOf = (stream: string, revision: bigint, { id, type, data, metadata }: EncodedEvent): Buffer =>
  createHash('sha256').update([stream, revision, id, type, data, metadata].join('\u001e')).digest()
const size = 32

/** What event_store.append_group answers: the nth event, counted from 1, got the position first + n; null: all were stored. */
export type GroupAnswer = { readonly first: string; readonly stored: readonly number[] | null; readonly digests: Buffer }

/**
 * What became of the events of a group from the nth to the mth: the last one's position, undefined where none was stored, `altered` where
 * not just these were, as they were sent.
 */
export function storedOf({ first, stored, digests }: GroupAnswer, sent: readonly Buffer[]) {
  const places = stored && new Map(stored.map((nth, place) => [nth, place]))
  const placeOf = (nth: number) => (places === null ? nth - 1 : places.get(nth))
  return (from: number, to: number): bigint | undefined | 'altered' => {
    let [found, asSent] = [0, 0]
    for (let nth = from; nth <= to; nth++) {
      const place = placeOf(nth)
      if (place === undefined) continue
      found++
      if (sent[nth - 1]?.equals(digests.subarray(size * place, size * (place + 1)))) asSent++
    }
    if (found === 0) return undefined
    return asSent === to - from + 1 ? BigInt(first) + BigInt(to) : 'altered'
  }
}
