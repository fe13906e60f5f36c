import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DataDir } from '#hosting/data-dir'
import { reindex } from '#key-keeping/reindex'
import { drillRestore } from '#key-keeping/restore-drill'
import { backupFile } from '#key-keeping/rotate-keys'
import { assertRestorable, backUpVault, proveBackup, restoreVault } from '#subject-keys/postgres/vault-backup'
import { UsageError, command, dryRunOption, newOption } from './command.js'
import { withBackend } from './with-backend.js'

export const vaultBackup = command({
  name: 'vault backup',
  group: 'keys',
  summary: 'Writes a consistent copy of the vault and proves that every key in it unwraps. It opens nothing without the key folder.',
  options: { to: { takes: 'file', says: 'where it goes; a new file in the folder of back-ups unless told.' } },
  run: ({ to }, out) =>
    withBackend(
      async ({ backend: { vault, clock }, dir }) => {
        const file = to === undefined ? backupFile(dir, clock.now()) : resolve(to)
        await backUpVault(vault.sql, file, clock.now())
        const { keys } = await proveBackup(file, vault.provider)
        out.say({ file, keys }, `${file}: ${keys} keys, each proven.`)
        return 'done'
        // It needs no log.
      },
      { log: 'unchecked' },
    ),
})

export const vaultRestore = command({
  name: 'vault restore',
  group: 'keys',
  summary: 'Fills an empty vault from a back-up. The next start applies every erasure since before it opens anything.',
  options: { from: { takes: 'file', says: 'a file that vault backup wrote.', required: true }, 'dry-run': dryRunOption, new: newOption },
  run: ({ from, 'dry-run': dryRun, new: mayMake }, out) => {
    if (!existsSync(from)) throw new UsageError('--from is a file that vault backup wrote.')
    return withBackend(
      async ({ backend: { vault } }) => {
        const { madeAt, keys } = await proveBackup(from, vault.provider)
        if (dryRun) {
          await assertRestorable(vault.sql)
          out.say({ dryRun: true, keys, madeAt }, `It would restore ${keys} keys as of ${madeAt}; each of them unwraps.`)
          return 'done'
        }
        await restoreVault(vault.sql, from)
        out.say(
          { restored: keys, madeAt },
          `Restored ${keys} keys as of ${madeAt}. Run caseledger keys reconcile to see what is missing since.`,
        )
        return 'done'
        // A new database is no log's yet: what comes back says which one it belongs to.
      },
      { log: 'unchecked', mayMake },
    )
  },
})

export const vaultReindex = command({
  name: 'vault reindex',
  group: 'keys',
  summary:
    'Builds the search index anew from the sealed values. Each person’s opening is recorded before it happens. '
    + 'Ends with 1 when somebody was left out.',
  options: {},
  run: (_, out) =>
    withBackend(async ({ backend, signal }) => {
      let last = { done: 0, of: 0, lost: 0, changing: 0 }
      for await (const progress of reindex(backend, signal)) {
        last = progress
        out.progress({ what: 'people', done: BigInt(last.done), of: BigInt(last.of) })
      }
      const { done, lost, changing } = last
      const leftAsTheyAre = lost > 0 ? `; the keys of ${lost} are lost, and their rows stay as they are` : ''
      const leftOut = changing > 0 ? `; ${changing} were being changed all the time: ask again` : ''
      out.say({ people: done, lost, changing }, `${done} people${leftAsTheyAre}${leftOut}.`)
      return lost + changing > 0 ? 'found' : 'done'
    }),
})

export const restoreDrill = command({
  name: 'drill restore',
  group: 'keys',
  summary:
    'Restores a back-up of the vault beside the live one and proves that what was erased stays erased. '
    + 'Ends with 1 when something erased opened, or something live did not.',
  options: { backup: { takes: 'file', says: 'the newest back-up unless told.' } },
  run: ({ backup }, out) =>
    withBackend(async ({ backend, dir, database }) => {
      const file = backup ?? newest(dir)
      if (!file || !existsSync(file)) throw new UsageError('There is no back-up yet: make one with caseledger vault backup.')
      const report = await drillRestore(backend, database.admin, database.passwords, file)
      const passed = report.erasedOpened === 0 && report.liveOpened === report.liveTried
      out.say(
        { ...report, passed },
        [
          `Restored beside the live vault: ${report.keysRestored} keys as of ${report.backupMadeAt}.`,
          `Keys that had come back and were destroyed by the restore gate: ${report.undead}.`,
          `Erased values tried: ${report.erasedTried}; opened: ${report.erasedOpened}.`,
          `Live values tried: ${report.liveTried}; opened: ${report.liveOpened}.`,
          `Keys made since the back-up, whose data a real restore would lose: ${report.younger}.`,
          passed ? 'The drill passed.' : 'THE DRILL FAILED.',
        ].join('\n'),
      )
      return passed ? 'done' : 'found'
    }),
})

function newest({ backups }: DataDir): string | undefined {
  const files = existsSync(backups)
    ? readdirSync(backups)
        .filter(file => /^vault-.*\.jsonl$/.test(file))
        .sort()
    : []
  const last = files.at(-1)
  return last && join(backups, last)
}
