import { assertUsable } from '#event-store/eventstoredb/usable-url'
import { EventsOutOfPlace } from '#event-store/out-of-place'
import type { Backend } from './backend.js'
import { dataDir } from '#hosting/data-dir'
import { settingsOfParent } from '#hosting/own-process'
import { reachedBackend } from './reached-backend.js'
import { assertSettings, databaseUrl, eventStoreChoice, isProduction, roleUrls } from '#hosting/settings'
import { patiently } from '#hosting/waiting'

/**
 * The environment in which `standalone`, or an operator, starts the API and the worker: settings are looked at first, then the stores are
 * waited for.
 * @throws Error that says which setting is wrong or missing; PartAway; AskedToStop; what `openBackend` throws else.
 */
export async function backendFromEnvironment(signal: AbortSignal): Promise<Backend> {
  await settingsOfParent(signal)
  assertSettings()
  const choice = eventStoreChoice()
  if (choice.kind === 'eventstoredb') assertUsable(choice.url, isProduction())
  const roles = roleUrls()
  if (!roles && !databaseUrl())
    throw new Error('Set DATABASE_URL, or CASELEDGER_APP_DATABASE_URL and CASELEDGER_VAULT_DATABASE_URL, to the database’s URL')
  return patiently(
    async () => {
      const urls = roles ?? (await (await import('#hosting/local-database')).localDatabase(dataDir())).urls
      const backend = await reachedBackend(urls, dataDir(), choice, roles ? 'CASELEDGER_APP_DATABASE_URL' : 'DATABASE_URL')
      await assertSound(backend).catch(async (error: unknown) => {
        await backend.close()
        throw error
      })
      return backend
    },
    { signal },
  )
}

/** @throws ClockWrong, EventsOutOfPlace, StoreUnavailable */
async function assertSound({ clocks, store }: Backend): Promise<void> {
  await clocks.assertRight()
  const misplaced = await store.whole.outOfPlace()
  if (misplaced.length > 0) throw new EventsOutOfPlace(misplaced)
}
