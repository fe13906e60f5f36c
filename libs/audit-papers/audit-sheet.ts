import type { RecordedEvent } from '#event-store/event-store'
import type { JsonObject } from '#kernel/json'
import { type LeafHeader, parseEntry } from '#verifier/leaf-header'
import type { Backend } from '#backend/backend'

/**
 * A drawn leaf as an auditor looks at it: which rule it was decided by, under which versions of the policies, what it rests on, and the
 * proof that it stands in the ledger. Sealed values stay sealed.
 */
export type Sheet = {
  readonly index: number
  readonly header: LeafHeader
  readonly rule: JsonObject
  readonly evidence: readonly { readonly name: string; readonly eventId: string; readonly proof?: string | undefined }[]
  readonly stored: { readonly data: JsonObject; readonly metadata: JsonObject } | undefined
  readonly proof: string | undefined
}
type SheetSources = Pick<Backend, 'ledger' | 'store'>

/** Undefined where there is no such leaf. @throws StoreUnavailable */
export async function sheetOf({ ledger, store }: SheetSources, index: number): Promise<Sheet | undefined> {
  const standing = await ledger.standing()
  const [leaf] = standing ? await ledger.leaves(standing.log, index, 1) : []
  if (!standing || leaf?.index !== index) return undefined
  const header = parseEntry(leaf.entry)
  const proofOf = async (eventId: string) => {
    const covered = await ledger.proof(eventId)
    return covered.kind === 'proved' ? covered.proof : undefined
  }
  const stored = await storedEvent(store, header)
  const { purpose, lawfulBasis, noticeVersion, policies, command, occurredAt, actor } = stored?.metadata ?? {}
  const restsOn = Object.entries(stored?.data ?? {}).filter(
    (entry): entry is [string, string] => entry[0].endsWith('EventId') && typeof entry[1] === 'string',
  )
  return {
    index,
    header,
    proof: await proofOf(leaf.eventId),
    stored: stored && { data: stored.data, metadata: stored.metadata },
    rule: Object.fromEntries(
      Object.entries({ command, purpose, lawfulBasis, noticeVersion, policies, occurredAt, actor }).filter(
        ([, value]) => value !== undefined,
      ),
    ) as JsonObject,
    evidence: await Promise.all(restsOn.map(async ([name, eventId]) => ({ name, eventId, proof: await proofOf(eventId) }))),
  }
}

/** The event of a leaf, where it is one of ours and still there. */
async function storedEvent(store: SheetSources['store'], { stream, rev, id }: LeafHeader): Promise<RecordedEvent | undefined> {
  if (!/^[a-z]/.test(stream)) return undefined
  for await (const event of store.readStream(stream, { from: BigInt(rev), limit: 1 })) return event.id === id ? event : undefined
  return undefined
}
