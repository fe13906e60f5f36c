import { createHmac, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DataDir } from './data-dir.js'
import { secretFile } from './secret-file.js'

/** The two roles that Caseledger logs in as. Tables of the log, of the vault and of the ledger belong to owners that nobody logs in as. */
export type RolePasswords = { readonly app: string; readonly vault: string }
/** Where each of the two logs in. */
export type DatabaseUrls = { readonly app: string; readonly vault: string }

/**
 * The passwords of the two database roles. For a server of the operator's own they follow from the password in DATABASE_URL, so that
 * processes on several machines have the same; for the embedded one they are made once and kept under the data folder.
 */
export function rolePasswords(dir: DataDir, databaseUrl?: string): RolePasswords {
  const secret = databaseUrl && decodeURIComponent(new URL(databaseUrl).password)
  if (secret) {
    const derived = (role: string) => createHmac('sha256', secret).update(`caseledger role ${role}`).digest('base64url')
    return { app: derived('app'), vault: derived('vault') }
  }
  mkdirSync(dir.secrets, { recursive: true, mode: 0o700 })
  const password = (role: string) => secretFile(join(dir.secrets, `${role}-password`), () => randomBytes(24).toString('base64url'))
  return { app: password('app'), vault: password('vault') }
}
