import { canonicalJson } from '#event-kit/canonical'
import { type EventStore, StreamDamaged } from '#event-store/event-store'
import type { JsonValue } from '#kernel/json'
import { type Checkpoint, parseCheckpointText } from '#merkle/checkpoint'
import { FormatError, SignatureRefused, Unsupported } from '#merkle/format-error'
import { openNote } from '#merkle/note'
import type { VerifierKey } from '#merkle/note-key'
import { TreeEdge } from '#merkle/tree-edge'
import { type Hash, leafHash, sameHash } from '#merkle/tree-hash'
import { tileWidth } from '#merkle/tile'
import { type LeafHeader, entryOf, parseEntry } from '#verifier/leaf-header'
import { Report, meaningOf } from '#verifier/verdict'
import { headerOf, streamInLedger } from '../leaf.js'
import { LogBesideLeaves } from '../log-beside-leaves.js'
import type { LedgerLeaf } from './ledger-leaf.js'
import type { LedgerReader, SignedCheckpoint } from './ledger-reader.js'
import type { Standing } from './ledger-rows.js'

export type FsckParts = { readonly ledger: LedgerReader; readonly store: EventStore }
const pageSize = 1_000

/**
 * Checks the ledger in the database against what was signed and, when it is to be `deep`, against what the event store holds: names
 * exactly what differs. Tells how many leaves are done; ends with the report.
 * @param keys of which one signed each checkpoint: from the signer, or from a policy of one's own. @param signed what the signer
 * remembers, where it can be known. @throws StoreUnavailable; what the signal aborts with
 */
export async function* fsck(
  { ledger, store }: FsckParts,
  keys: readonly VerifierKey[],
  { deep, signal, signed }: { readonly deep: boolean; readonly signal: AbortSignal; readonly signed?: Checkpoint | undefined },
): AsyncGenerator<{ readonly done: number; readonly of: number }, Report> {
  const report = new Report()
  report.looked('tree', 'consistency', 'headers', 'completeness', ...(deep ? (['payloads'] as const) : []))
  const standing = await ledger.standing()
  if (!standing) {
    report.remark('tree', 'There is no ledger yet.')
    return report
  }
  const checkpoints = new Map((await ledger.checkpoints(standing.log)).map(one => [one.size, one]))
  const log = deep ? logBeside(store, report) : undefined
  const edge = new TreeEdge()
  const last = new Map<string, string>()
  const spokenOf = new Set<string>()
  try {
    for (let from = 0; from < standing.size; from += pageSize) {
      signal.throwIfAborted()
      const leaves = await ledger.leaves(standing.log, from, Math.min(pageSize, standing.size - from))
      for (const leaf of leaves) {
        if (leaf.index !== edge.size)
          report.found({
            check: 'completeness',
            result: 'failed',
            what: `The leaves ${edge.size} to ${leaf.index - 1} are gone`,
            index: edge.size,
          })
        const hash = leafHash(leaf.entry)
        const header = checkLeaf(leaf, hash, report)
        for (const tile of edge.append(hash)) await checkTile(ledger, standing.log, tile, report)
        if (header) {
          noteSpokenOf(header, spokenOf)
          checkChain(header, leaf.index, hash, last, report)
          if (log) await compare(log, standing.origin, header, leaf, report)
        }
        checkSigned(checkpoints.get(edge.size), edge, keys, report)
        if (signed?.origin === standing.origin && signed.size === edge.size && !sameHash(signed.root, edge.root()))
          report.found({ check: 'consistency', result: 'failed', what: `The signer remembers another root for ${signed.size} leaves` })
      }
      yield { done: edge.size, of: standing.size }
      if (leaves.length === 0) break
    }
    checkEnd(edge.size, standing, [...checkpoints.keys()], signed, report)
    // Up to where the ledger says that it stands: whatever is left there is no leaf.
    await log?.at(standing.position + 1n)
    if (log) for await (const event of log.rest()) noteSpokenOf(event, spokenOf)
  } finally {
    log?.stop()
  }
  await checkDamage(store, spokenOf, report)
  report.remark('consistency', `${checkpoints.size} checkpoints were compared with the leaves.`)
  report.remark(
    'payloads',
    deep ? `${edge.size} leaves were compared with the event store.` : 'The event store was not read; fsck --deep reads it.',
  )
  return report
}

/** The log, read beside the leaves: an event that is no leaf is found. */
const logBeside = (store: EventStore, report: Report) =>
  new LogBesideLeaves(store, ({ stream, revision, id }) => {
    report.found({
      check: 'completeness',
      result: 'failed',
      what: 'The event store has an event that is no leaf',
      stream: streamInLedger(stream),
      revision: String(revision),
      eventId: id,
    })
  })

/** Nothing is missing at the end: by what the ledger says of itself, by its checkpoints, and by what the signer remembers. */
function checkEnd(
  held: number,
  { origin, size }: Standing,
  checkpoints: readonly number[],
  signed: Checkpoint | undefined,
  report: Report,
) {
  if (held < size) report.found({ check: 'completeness', result: 'failed', what: `The ledger says ${size} leaves and holds ${held}` })
  const cutOff = (what: string) => {
    report.found({ check: 'consistency', result: 'failed', what })
  }
  for (const sizeThen of checkpoints)
    if (sizeThen > held) cutOff(`A checkpoint of ${sizeThen} leaves was signed: the ledger's end was cut off`)
  if (signed?.origin === origin && signed.size > held)
    cutOff(`The signer remembers ${signed.size} leaves: the ledger's end was cut off, or it is an older copy`)
}

/** The server says something of a stream by an event: that it has metadata, or that it was deleted. */
function noteSpokenOf({ stream, type }: Pick<LeafHeader, 'stream' | 'type'>, streams: Set<string>) {
  if (type === '$metadata') streams.add(stream.replace(/^\$\$/, ''))
  else if (type === '$streamDeleted') streams.add(stream)
}

/** Nothing may be gone yet, and still be hidden from whoever reads the stream: as it is now, whatever was said before. */
async function checkDamage({ whole }: EventStore, streams: ReadonlySet<string>, report: Report) {
  for (const stream of streams) {
    const damage = await whole.damageTo(stream)
    if (damage)
      report.found({
        check: 'completeness',
        result: 'failed',
        what: new StreamDamaged(streamInLedger(stream), damage).message,
        stream: streamInLedger(stream),
      })
  }
}

/** The columns beside an entry say what the entry says. */
function checkLeaf({ index, entry, hash: stored, eventId, position }: LedgerLeaf, hash: Hash, report: Report): LeafHeader | undefined {
  try {
    const header = parseEntry(entry)
    const place = { index, stream: header.stream, revision: header.rev, eventId: header.id }
    if (!sameHash(hash, stored))
      report.found({
        check: 'tree',
        result: 'failed',
        what: 'Its entry was changed: it no longer has the hash that was stored with it',
        ...place,
      })
    else if (header.id !== eventId || header.pos !== String(position))
      report.found({ check: 'headers', result: 'failed', what: 'The columns beside its entry say something else', ...place })
    return header
  } catch (error) {
    report.found({ check: 'headers', ...meaningOf(error), index, eventId })
    return undefined
  }
}

/** `last`: the leaf hash of each stream's leaf before, as a header names it. */
function checkChain({ stream, rev, prev, id }: LeafHeader, index: number, hash: Hash, last: Map<string, string>, report: Report) {
  if (prev !== (last.get(stream) ?? ''))
    report.found({
      check: 'headers',
      result: 'failed',
      what: 'It does not follow the leaf of its stream before it',
      index,
      stream,
      revision: rev,
      eventId: id,
    })
  last.set(stream, Buffer.from(hash).toString('base64'))
}

async function checkTile(
  ledger: LedgerReader,
  log: number,
  { level, index, hashes }: { readonly level: number; readonly index: number; readonly hashes: Buffer },
  report: Report,
) {
  const stored = await ledger.tile(log, { level, index, width: tileWidth })
  if (!stored) report.found({ check: 'tree', result: 'failed', what: `The tile ${level}/${index} is gone` })
  else if (!stored.equals(hashes))
    report.found({
      check: 'tree',
      result: 'failed',
      what:
        `The tile ${level}/${index} is not that of its leaves, `
        + `from leaf ${firstDifference(stored, hashes) * tileWidth ** level + index * tileWidth ** (level + 1)} on`,
    })
}
const firstDifference = (one: Buffer, other: Buffer) => Math.floor(one.findIndex((byte, n) => byte !== other[n]) / 32)

function checkSigned(checkpoint: SignedCheckpoint | undefined, edge: TreeEdge, keys: readonly VerifierKey[], report: Report) {
  if (!checkpoint) return
  const fail = (what: string) => {
    report.found({ check: 'consistency', result: 'failed', what: `The checkpoint of ${checkpoint.size} leaves: ${what}` })
  }
  let root: Hash
  try {
    root = parseCheckpointText(openNote(checkpoint.note, keys).text).root
  } catch (error) {
    if (error instanceof FormatError || error instanceof SignatureRefused || error instanceof Unsupported) {
      fail(error.message)
      return
    }
    throw error
  }
  if (!sameHash(root, edge.root()))
    fail('another root was signed; what differs stands before its last leaf, and after that of the checkpoint before')
}

async function compare(log: LogBesideLeaves, origin: string, header: LeafHeader, { index, entry, position }: LedgerLeaf, report: Report) {
  const place = { index, stream: header.stream, revision: header.rev, eventId: header.id }
  const event = await log.at(position)
  if (!event) {
    report.found({ check: 'payloads', result: 'failed', what: 'The event store no longer has this event', ...place })
    return
  }
  const now = headerOf(origin, event, header.prev)
  if (entryOf(now) === entry.toString('utf8')) return
  const differs = (Object.keys(inWords) as (keyof LeafHeader)[]).filter(
    field => canonicalJson(now[field] as JsonValue) !== canonicalJson(header[field] as JsonValue),
  )
  report.found({
    check: 'payloads',
    result: 'failed',
    what: `In the event store it has other ${differs.map(field => inWords[field]).join(', ')}`,
    ...place,
  })
}
const inWords: { readonly [F in keyof LeafHeader]: string } = {
  v: 'version',
  log: 'log',
  stream: 'stream',
  rev: 'revision',
  id: 'id',
  type: 'type',
  pos: 'position',
  created: 'time',
  data: 'data',
  meta: 'metadata',
  prev: 'predecessor',
  kids: 'keys',
}
