import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { settingOf } from './settings.js'

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
  const root = resolve(settingOf('CASELEDGER_DATA_DIR', env) ?? '.data')
  const [keys, backups] = [settingOf('CASELEDGER_KEYS_DIR', env), settingOf('CASELEDGER_BACKUP_DIR', env)]
  return {
    root,
    postgres: join(root, 'postgres'),
    keys: keys === undefined ? join(root, 'keys') : resolve(keys),
    issuer: join(root, 'issuer'),
    secrets: join(root, 'secrets'),
    backups: backups === undefined ? join(root, 'backups') : resolve(backups),
  }
}

export function makeDataDir(dir: DataDir) {
  for (const folder of [dir.root, dir.secrets]) mkdirSync(folder, { recursive: true, mode: 0o700 })
}
