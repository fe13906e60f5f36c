import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Checkpoint, parseCheckpointText } from '#merkle/checkpoint'
import { openNote } from '#merkle/note'
import { SigningKey, type VerifierKey } from '#merkle/note-key'

/** The file with the checkpoint that was signed last: empty before the first one. */
export const signerMemory = 'last-checkpoint'
/** What a signer keeps: its keys, the first one first, and the checkpoint that it signed last. */
export type SignerFolder = {
  readonly keys: readonly SigningKey[]
  readonly last: { readonly checkpoint: Checkpoint; readonly note: string } | undefined
}

/** @throws FormatError, SignatureRefused for keys or a memory that were changed; what the file system throws */
export function readSignerFolder(folder: string): SignerFolder {
  const keys = readdirSync(folder)
    .filter(file => file.endsWith('.key'))
    .sort()
    .map(file => SigningKey.parse(readFileSync(join(folder, file), 'utf8').trim()))
  const note = readFileSync(join(folder, signerMemory), 'utf8')
  return {
    keys,
    last:
      note === ''
        ? undefined
        : {
            checkpoint: parseCheckpointText(
              openNote(
                note,
                keys.map(({ verifier }) => verifier),
              ).text,
            ),
            note,
          },
  }
}

/**
 * What an operator or a check may know of a signer without asking it: undefined where its folder is not here, or belongs to another user.
 * @throws as `readSignerFolder`
 */
export function signerOnDisk(folder: string): { readonly keys: readonly VerifierKey[]; readonly last: Checkpoint | undefined } | undefined {
  if (!existsSync(join(folder, signerMemory))) return undefined
  try {
    const { keys, last } = readSignerFolder(folder)
    return { keys: keys.map(({ verifier }) => verifier), last: last?.checkpoint }
  } catch (error) {
    if (['EACCES', 'EPERM', 'ENOENT'].includes((error as { code?: string }).code ?? '')) return undefined
    throw error
  }
}
