import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Rememberers } from '#ledger/remembered'
import { signerOnDisk } from '#ledger/signer-folder'
import type { Checkpoint } from '#merkle/checkpoint'
import { dataDir } from './data-dir.js'
import { anchoring, settingOf, witnessing } from './settings.js'

/**
 * Where the signer of checkpoints keeps its key and its memory, and where it listens: CASELEDGER_SIGNER_DIR, by default `signer` in the
 * data folder, and CASELEDGER_SIGNER_SOCKET, by default a socket in that folder or, where its path is longer than Linux allows, in the
 * folder for temporary files. In production the folder belongs to a user of its own.
 */
export function signerPlace(env: NodeJS.ProcessEnv = process.env): { readonly folder: string; readonly socket: string } {
  const [own, socket] = [settingOf('CASELEDGER_SIGNER_DIR', env), settingOf('CASELEDGER_SIGNER_SOCKET', env)]
  const folder = own === undefined ? join(dataDir(env).root, 'signer') : resolve(own)
  return { folder, socket: socket === undefined ? socketIn(folder) : resolve(socket) }
}

/** What the signer signed last, where its folder is on this machine and this user may read it. */
export const signedLast = (): Checkpoint | undefined => signerOnDisk(signerPlace().folder)?.last

/** Who remembers what was signed, and where they are told to be. @throws Error for a setting that is wrong */
export const rememberers = (env: NodeJS.ProcessEnv = process.env): Rememberers => ({
  signer: signerPlace(env),
  policyFile: witnessing(env).policyFile,
  sink: anchoring(env).sink,
})

const longest = 100

function socketIn(folder: string): string {
  const socket = join(folder, 'signer.sock')
  return Buffer.byteLength(socket) <= longest
    ? socket
    : join(tmpdir(), `caseledger-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}.sock`)
}
