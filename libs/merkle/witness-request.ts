import { fromDecimal, hashFromBase64 } from './encoding.js'
import { FormatError } from './format-error.js'
import type { Hash } from './tree-hash.js'

/** What a witness, or a signer, is asked: to go on from the size that it knows to this checkpoint. c2sp.org/tlog-witness. */
export type AddCheckpoint = { readonly old: number; readonly proof: readonly Hash[]; readonly checkpoint: string }

const maxHashes = 63

export const addCheckpointText = ({ old, proof, checkpoint }: AddCheckpoint) =>
  [`old ${old}`, ...proof.map(hash => Buffer.from(hash).toString('base64')), '', checkpoint].join('\n')

/** @throws FormatError; Unsupported for a size beyond 2^53 - 1. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const end = body.indexOf('\n\n')
  const [old, ...hashes] = body.slice(0, Math.max(end, 0)).split('\n')
  if (end < 0 || !old?.startsWith('old ')) throw new FormatError('A request is an old size, hashes, an empty line and a checkpoint')
  if (hashes.length > maxHashes) throw new FormatError(`A proof of consistency has at most ${maxHashes} hashes`)
  return {
    old: fromDecimal(old.slice('old '.length), 'The old size'),
    proof: hashes.map(hash => hashFromBase64(hash, 'A hash of the proof')),
    checkpoint: body.slice(end + 2),
  }
}
