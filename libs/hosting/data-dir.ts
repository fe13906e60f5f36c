import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Where a local installation keeps everything: CASELEDGER_DATA_DIR, by default `.data` in the working folder. */
export type DataDir = {
  readonly root: string
  readonly postgres: string
  readonly keys: string
  readonly issuer: string
  readonly secrets: string
  readonly backups: string
}

export function dataDir(env: NodeJS.ProcessEnv = process.env): DataDir {
  const root = resolve(env['CASELEDGER_DATA_DIR'] ?? '.data')
  return {
    root,
    postgres: join(root, 'postgres'),
    keys: env['CASELEDGER_KEYS_DIR'] ? resolve(env['CASELEDGER_KEYS_DIR']) : join(root, 'keys'),
    issuer: join(root, 'issuer'),
    secrets: join(root, 'secrets'),
    backups: env['CASELEDGER_BACKUP_DIR'] ? resolve(env['CASELEDGER_BACKUP_DIR']) : join(root, 'backups'),
  }
}

export function makeDataDir(dir: DataDir) {
  for (const folder of [dir.root, dir.secrets]) mkdirSync(folder, { recursive: true, mode: 0o700 })
}
