import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { dataDir } from '#hosting/data-dir'
import { startEmbeddedPostgres } from '#hosting/embedded-postgres'
import { inDatabase } from '#hosting/provision'
import { asAdmin } from './database.js'
import type { Standalone } from './standalone.js'

const [folder, pidFile, restart] = ['EVENTSTOREDB_FOLDER', 'EVENTSTOREDB_PID_FILE', 'EVENTSTOREDB_RESTART'].map(
  name => process.env[name],
) as [string?, string?, string?]

/** Why the log in EventStoreDB cannot be put back as it was: its files have to be reached, and its server stopped and started. */
export const whyNotRestorable = (): string | undefined =>
  folder && pidFile && restart ? undefined : 'EVENTSTOREDB_FOLDER, EVENTSTOREDB_PID_FILE and EVENTSTOREDB_RESTART are not all set'

/**
 * The log as it is now, of an installation that is stopped, to be put back later under whatever its databases hold then. `to` is a folder
 * for its files.
 */
export function copyOfLog(s: Standalone, to: string): Promise<{ putBack(): Promise<void> }> {
  return process.env['CASELEDGER_EVENT_STORE'] === 'eventstoredb' ? copyOfFiles(to) : copyOfRows(s)
}

/** As a manual has it for a server that is down: all of its files. */
async function copyOfFiles(to: string) {
  await killed()
  cpSync(folder as string, to, { recursive: true })
  started()
  return {
    putBack: async () => {
      await killed()
      rmSync(folder as string, { recursive: true, force: true })
      cpSync(to, folder as string, { recursive: true })
      started()
    },
  }
}

async function killed() {
  const pid = Number(readFileSync(pidFile as string, 'utf8'))
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return
  }
  while (existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) await pause(20)
}

function started() {
  const { status } = spawnSync(restart as string, { stdio: 'ignore' })
  if (status !== 0) throw new Error('EVENTSTOREDB_RESTART did not start the server')
}

/** Where the log shares a database with the rest, the database's superuser takes away what came later: nobody else could. */
async function copyOfRows({ dir }: Standalone) {
  const head = await asSuperuser(dir, async admin =>
    asAdmin(
      admin,
      async sql => (await sql<{ position: string }[]>`select max(position) as position from event_store.event`)[0]?.position ?? '0',
    ),
  )
  return {
    putBack: () =>
      asSuperuser(dir, admin =>
        asAdmin(admin, async sql => {
          await sql`delete from event_store.event where position > ${head}`
        }),
      ),
  }
}

async function asSuperuser<T>(root: string, work: (admin: string) => Promise<T>): Promise<T> {
  const { postgres: data, secrets } = dataDir({ CASELEDGER_DATA_DIR: root })
  const server = await startEmbeddedPostgres({ data, secrets })
  try {
    return await work(inDatabase(server.url, 'caseledger'))
  } finally {
    await server.stop()
  }
}
