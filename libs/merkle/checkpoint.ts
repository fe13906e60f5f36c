import { fromDecimal, hashFromBase64, linesOf } from './encoding.js'
import { FormatError } from './format-error.js'
import { type Hash, emptyRoot, sameHash } from './tree-hash.js'

/** A log's statement of its size and root: c2sp.org/tlog-checkpoint. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Hash }

/** A checkpoint of no leaves, with the root of some: well formed, and of no tree. */
export class NotEmpty extends FormatError {
  constructor() {
    super('A log of size 0 has the root of nothing')
  }
}

/** The text that is signed. @throws FormatError for an origin that is not one line. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  if (origin === '' || origin.includes('\n')) throw new FormatError('An origin is one line')
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`
}

/**
 * Further lines, which other logs may have, are passed over: they say nothing about the tree. @throws FormatError, of which NotEmpty is
 * one; Unsupported for a size beyond 2^53 - 1.
 */
export function parseCheckpointText(text: string): Checkpoint {
  const lines = linesOf(text, 'A checkpoint')
  const [origin, size, root] = lines
  if (origin === undefined || size === undefined || root === undefined || lines.includes(''))
    throw new FormatError('A checkpoint has an origin, a size and a root, and no empty line')
  const checkpoint = { origin, size: fromDecimal(size, 'The size of a checkpoint'), root: hashFromBase64(root, 'The root of a checkpoint') }
  if (checkpoint.size === 0 && !sameHash(checkpoint.root, emptyRoot())) throw new NotEmpty()
  return checkpoint
}
