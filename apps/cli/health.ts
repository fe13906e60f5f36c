import type { Sql } from 'postgres'
import type { Backend } from '#backend/backend'
import type { Part } from '#backend/health'
import { healthOf } from '#backend/health-of'
import { bindLogAndVault } from '#backend/log-and-vault'
import { eventStoreChoice } from '#hosting/settings'
import { WrongLog } from '#hosting/wrong-log'
import { KeyStoreUnavailable } from '#subject-keys/subject-keys'
import { command, serviceOption } from './command.js'
import { Service } from './service.js'
import { withBackend } from './with-backend.js'

/** The gate of a vault changes it, where a restore left traces; who asks how things are changes nothing. */
const onlyReached = (sql: Sql) => ({
  passGate: async () => {
    try {
      await sql`select 1`
    } catch (error) {
      throw new KeyStoreUnavailable(error)
    }
  },
})

const partsOf = (backend: Backend) => healthOf(backend, { vault: onlyReached(backend.vault.sql) }).parts()

/** A service does not start where these two do not belong together. */
async function logAndVault({ store, codec, vault, clock }: Backend): Promise<Part> {
  const part = 'log and vault'
  try {
    await bindLogAndVault({ store, codec, vault: vault.sql, clock }, eventStoreChoice(), 'look')
    return { part, ready: true }
  } catch (error) {
    return { part, ready: false, why: error instanceof WrongLog ? error.message : 'the database or the event store cannot be reached' }
  }
}

export const health = command({
  name: 'health',
  group: 'service',
  summary: 'Which part is not ready, and why: of a running service, or as the databases show it. Ends with 1 when one is not ready.',
  options: { service: serviceOption },
  run: async ({ service }, out) => {
    const parts =
      service !== undefined
        ? await new Service(service).health()
        : await withBackend(async ({ backend }) => [...(await partsOf(backend)), await logAndVault(backend)], { log: 'unchecked' })
    for (const part of parts) {
      const { part: name, ready, why, behindSeconds } = part
      out.say(
        part,
        `${ready ? 'ready    ' : 'NOT READY'}  `
          + `${name.padEnd(20)}${behindSeconds === undefined ? '' : `  ${behindSeconds} s behind`}${why === undefined ? '' : `  ${why}`}`,
      )
    }
    return parts.every(({ ready }) => ready) ? 'done' : 'found'
  },
})
