import { fromBase64, fromDecimal, fromUtf8, hashFromBase64 } from './encoding.js'
import { FormatError, Unsupported } from './format-error.js'
import { verifyInclusion } from './proof.js'
import { type TrustPolicy, type TrustedCheckpoint } from './trust-policy.js'
import type { Hash } from './tree-hash.js'

/**
 * That an entry is in a log, as one text: c2sp.org/tlog-proof. `extra` is what the maker adds; nothing vouches for it but the leaf's
 * hash.
 */
export type TlogProof = {
  readonly index: number
  readonly hashes: readonly Hash[]
  readonly checkpoint: string
  readonly extra: Buffer | undefined
}

const firstLine = 'c2sp.org/tlog-proof@v1'
const maxHashes = 63

export function tlogProofText({ index, hashes, checkpoint, extra }: TlogProof): string {
  return [
    firstLine,
    ...(extra ? [`extra ${extra.toString('base64')}`] : []),
    `index ${index}`,
    ...hashes.map(hash => Buffer.from(hash).toString('base64')),
    '',
    checkpoint,
  ].join('\n')
}

/** @throws FormatError; Unsupported for another version. */
export function parseTlogProof(given: Uint8Array | string): TlogProof {
  const text = typeof given === 'string' ? given : fromUtf8(given, 'A proof')
  const end = text.indexOf('\n\n')
  if (end < 0) throw new FormatError('A proof is lines, an empty line and a checkpoint')
  const [version, ...lines] = text.slice(0, end).split('\n')
  if (version !== firstLine)
    throw version?.startsWith('c2sp.org/tlog-proof@')
      ? new Unsupported('A proof of another version than 1')
      : new FormatError(`A proof begins with ${firstLine}`)
  const extra = lines[0]?.startsWith('extra ')
    ? fromBase64((lines.shift() as string).slice('extra '.length), 'The extra data of a proof')
    : undefined
  const index = lines.shift()
  if (!index?.startsWith('index ')) throw new FormatError('A proof names an index')
  if (lines.length > maxHashes) throw new FormatError(`A proof has at most ${maxHashes} hashes`)
  return {
    extra,
    index: fromDecimal(index.slice('index '.length), 'The index of a proof'),
    hashes: lines.map(line => hashFromBase64(line, 'A hash of a proof')),
    checkpoint: text.slice(end + 2),
  }
}

/**
 * Whether the leaf with this hash is where the proof says, in a log and with the witnesses that the policy trusts. @throws FormatError,
 * Unsupported, SignatureRefused for a checkpoint that is not to be believed.
 */
export function checkTlogProof(
  { index, hashes, checkpoint }: TlogProof,
  leaf: Hash,
  policy: TrustPolicy,
): TrustedCheckpoint & { readonly included: boolean } {
  const trusted = policy.open(checkpoint)
  return { ...trusted, included: verifyInclusion(index, trusted.checkpoint.size, leaf, hashes, trusted.checkpoint.root) }
}
