import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type DataDir } from './data-dir.js'

/** Nobody has started Caseledger in this data folder, and no PostgreSQL of the operator's own is named. */
export class NoInstallation extends Error {
  constructor(root: string, found: readonly string[], how: string) {
    super(
      `There is no installation in ${root}. `
        + (found.length === 0
          ? 'Set CASELEDGER_DATA_DIR to the folder of yours, or DATABASE_URL'
          : `There is one in ${found.join(' and one in ')}: for that one, set CASELEDGER_DATA_DIR=${found[0] ?? ''}`)
        + `. ${how}`,
    )
  }
}

/** Whether this data folder has, or once had, a database. */
export const isInstalled = ({ postgres }: Pick<DataDir, 'postgres'>) => existsSync(join(postgres, 'PG_VERSION'))

/**
 * Data folders in which there is an installation: those whose database runs on this machine, and `.data` in the working folder and those
 * above it.
 */
export function installationsNearby(from = process.cwd()): readonly string[] {
  const above: string[] = []
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    above.push(join(folder, '.data'))
    if (folder === dirname(folder)) break
  }
  const found = [...running(), ...above].filter(root => isInstalled({ postgres: join(root, 'postgres') }))
  return [...new Set(found)]
}

/** A server of ours is started with its data folder on its command line. */
function running(): readonly string[] {
  const { error, stdout } = spawnSync('ps', ['-e', '-o', 'args='], { encoding: 'utf8', maxBuffer: 16_000_000 })
  if (error) return []
  return stdout.split('\n').flatMap(args => {
    const data = /(?:^|\/)postgres -D (.+?\/postgres)(?: -[a-z]|$)/.exec(args)?.[1]
    return data === undefined || !existsSync(join(dirname(data), 'secrets', 'postgres-password')) ? [] : [dirname(data)]
  })
}
