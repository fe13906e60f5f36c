import { signerPlace } from '#hosting/signer-place'
import { SignerClient, SignerUnavailable } from '#ledger/signer-client'
import { signerOnDisk } from '#ledger/signer-folder'
import { type VerifierKey, parseVerifierKey } from '#merkle/note-key'

/** Of the signer that runs, or of its folder where it does not. @throws SignerUnavailable */
export async function signerKeys(): Promise<readonly VerifierKey[]> {
  const { folder, socket } = signerPlace()
  try {
    return (await new SignerClient(socket).vkeys()).map(parseVerifierKey)
  } catch (error) {
    const onDisk = error instanceof SignerUnavailable ? signerOnDisk(folder) : undefined
    if (!onDisk) throw error
    return onDisk.keys
  }
}
