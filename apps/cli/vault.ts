import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DataDir } from '#installation/data-dir'
import { reindex } from '#installation/reindex'
import { drillRestore } from '#installation/restore-drill'
import { backupFile } from '#installation/rotate-keys'
import { backUpVault, proveBackup, restoreVault } from '#subject-keys/postgres/vault-backup'
import { type Command, UsageError, optionsOf, say } from './command.js'
import { withBackend } from './with-backend.js'

export const vaultBackup: Command = {
  name: 'vault backup',
  usage: 'vault backup [--to <file>]',
  summary: 'Writes a consistent copy of the vault and proves that every key in it unwraps. It opens nothing without the key folder.',
  run: async args => {
    const { to } = optionsOf(args, ['to'])
    return withBackend(async ({ backend: { vault, clock }, dir }) => {
      const file = to === undefined ? backupFile(dir, clock.now()) : resolve(to)
      await backUpVault(vault.sql, file, clock.now())
      const { keys } = await proveBackup(file, vault.provider)
      say(`${file}: ${keys} keys, each proven.`)
      return 0
    })
  },
}

export const vaultRestore: Command = {
  name: 'vault restore',
  usage: 'vault restore --from <file>',
  summary: 'Fills an empty vault from a back-up. The next start applies every erasure since before it opens anything.',
  run: async args => {
    const { from } = optionsOf(args, ['from'])
    if (!from || !existsSync(from)) throw new UsageError('--from is a file that vault backup wrote.')
    return withBackend(async ({ backend: { vault } }) => {
      const { madeAt, keys } = await proveBackup(from, vault.provider)
      await restoreVault(vault.sql, from)
      say(`Restored ${keys} keys as of ${madeAt}. Run caseledger keys reconcile to see what is missing since.`)
      return 0
    })
  },
}

export const vaultReindex: Command = {
  name: 'vault reindex',
  usage: 'vault reindex',
  summary: 'Builds the search index anew from the sealed values. Each person’s opening is recorded before it happens.',
  run: async args => {
    optionsOf(args, [])
    return withBackend(async ({ backend, signal }) => {
      for await (const { done, of, lost, changing } of reindex(backend, signal)) say(`${done} of ${of} people${lost > 0 ? `; the keys of ${lost} are lost, and their rows stay as they are` : ''}${changing > 0 ? `; ${changing} were being changed all the time: ask again` : ''}.`)
      return 0
    })
  },
}

/** Exit code 1 when something erased opened, or something live did not. */
export const restoreDrill: Command = {
  name: 'drill restore',
  usage: 'drill restore [--backup <file>]',
  summary: 'Restores a back-up of the vault beside the live one and proves that what was erased stays erased. By default the newest back-up.',
  run: async args => {
    const { backup } = optionsOf(args, ['backup'])
    return withBackend(async ({ backend, dir, database }) => {
      const file = backup ?? newest(dir)
      if (!file || !existsSync(file)) throw new UsageError('There is no back-up yet: make one with caseledger vault backup.')
      const report = await drillRestore(backend, database.admin, database.passwords, file)
      say([
        `Restored beside the live vault: ${report.keysRestored} keys as of ${report.backupMadeAt}.`,
        `Keys that had come back and were destroyed by the restore gate: ${report.undead}.`,
        `Erased values tried: ${report.erasedTried}; opened: ${report.erasedOpened}.`,
        `Live values tried: ${report.liveTried}; opened: ${report.liveOpened}.`,
        `Keys made since the back-up, whose data a real restore would lose: ${report.younger}.`,
      ].join('\n'))
      const passed = report.erasedOpened === 0 && report.liveOpened === report.liveTried
      say(passed ? 'The drill passed.' : 'THE DRILL FAILED.')
      return passed ? 0 : 1
    })
  },
}

function newest({ backups }: DataDir): string | undefined {
  const files = existsSync(backups) ? readdirSync(backups).filter(file => /^vault-.*\.jsonl$/.test(file)).sort() : []
  const last = files.at(-1)
  return last && join(backups, last)
}
