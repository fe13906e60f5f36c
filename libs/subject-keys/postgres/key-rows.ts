import type { Scope } from '#event-kit/scope'
import { keyCommitment } from '../envelope.js'
import { JournalDamaged } from '../file-revocation-journal.js'
import { KeyMissing, KeyStoreUnavailable, SealBroken, SubjectErased, WrongKeyProvider } from '../subject-keys.js'
import { dataKeyAad, unwrapKey } from '../wrapping.js'

export type KeyRow = { kid: string; subject: string; scope: Scope; generation: number; epoch: number; wrapped: Buffer; kc: string }
/** The client cannot send a list of byte strings; this is its text form. */
export const byteaArray = (values: readonly Buffer[]) => `{${values.map(value => `"\\\\x${value.toString('hex')}"`).join(',')}}`

/** @throws SealBroken, WrongKeyProvider */
export function unwrapDataKey(wrapping: Buffer, row: KeyRow): Buffer {
  let key: Buffer
  try {
    key = unwrapKey(wrapping, row.wrapped, dataKeyAad(row))
  } catch {
    throw new SealBroken(`data key ${row.kid}`)
  }
  if (keyCommitment(key) !== row.kc) throw new WrongKeyProvider(`the commitment of data key ${row.kid} does not hold`)
  return key
}

/** Errors that say what is wrong. Any other means that the store did not do what it was asked. */
export const saysWhatIsWrong = (error: unknown) => ours.some(kind => error instanceof kind)
const ours = [KeyMissing, SealBroken, SubjectErased, WrongKeyProvider, KeyStoreUnavailable, JournalDamaged]

/** @throws KeyStoreUnavailable for what the database throws. */
export async function reaching<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (saysWhatIsWrong(error)) throw error
    throw new KeyStoreUnavailable(error)
  }
}
