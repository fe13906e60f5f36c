import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandFacts } from '#commands/commands'
import { newId } from '#commands/ids'
import { type Backend, openBackend } from '#backend/backend'
import { dataDir } from '#hosting/data-dir'
import type { EventStoreChoice } from '#hosting/settings'
import { publishFirstPolicyPack } from '#backend/first-policy-pack'
import { systemClock } from '#kernel/clock'
import type { Projection } from '#projections/projection'
import { ReadModels } from '#projections/postgres/read-models'
import { followLog, projecting } from '#projections/postgres/follow-log'
import { projections } from '#read-models/all'
import { testDatabase } from './database.js'

/** A backend over a database of its own, without HTTP. */
export async function world(choice: EventStoreChoice = { kind: 'postgres' }, { policies = true, clock = systemClock } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-world-'))
  const database = await testDatabase()
  const dir = dataDir({ CASELEDGER_DATA_DIR: folder })
  const backend = await openBackend(database.urls, dir, choice, 'own', clock)
  if (policies) await publishFirstPolicyPack(backend)
  return {
    ...backend,
    database,
    dir,
    folder,
    end: async () => {
      await backend.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const facts = (command = 'Test'): CommandFacts => ({
  actor: { id: newId(), role: 'ips-worker' },
  purpose: 'SERVICE_PROVISION',
  lawfulBasis: { art6: 'f' },
  noticeVersion: 'DEMO-1',
  policies: {},
  regime: 'UK-GDPR',
  correlationId: newId(),
  commandId: newId(),
  command,
})

/** Runs the projections until they have passed everything that is in the log now. */
export async function project({ sql, store, codec }: Pick<Backend, 'sql' | 'store' | 'codec'>, which: readonly Projection[] = projections) {
  const readModels = new ReadModels(sql, which)
  const stop = new AbortController()
  const head = (await store.head()) ?? 0n
  const running = followLog({ sql, store, codec }, projecting({ sql, store }, which), stop.signal)
  const failed = running.then(
    () => undefined,
    (error: unknown) => {
      throw error
    },
  )
  try {
    await Promise.race([failed, ...which.map(({ name }) => readModels.hasPassed(name, head))])
    for (const { name } of which) await readModels.hasPassed(name, head)
  } finally {
    stop.abort()
    await running
  }
}
