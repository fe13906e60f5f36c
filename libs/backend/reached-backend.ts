import { NoAnswer, withPatience } from '#event-store/patience'
import type { DataDir } from '#hosting/data-dir'
import { assertSessions } from '#hosting/pooler'
import { reaching } from '#hosting/reached'
import type { DatabaseUrls } from '#hosting/role-passwords'
import type { EventStoreChoice } from '#hosting/settings'
import { type Backend, openBackend } from './backend.js'

/** Longer than any of it takes with parts that answer. */
const openWithin = 30_000

/** The backend, and both of its stores answer. @throws TransactionPooler, PartAway; what `openBackend` throws else. */
export async function reachedBackend(urls: DatabaseUrls, dir: DataDir, choice: EventStoreChoice, setting: string): Promise<Backend> {
  if (choice.kind === 'eventstoredb') await (await import('#hosting/reached-eventstoredb')).reachEventStore(choice)
  await reaching(urls.app, setting, choice, () => assertSessions(urls.app, setting))
  await reaching(urls.vault, setting, choice, () => assertSessions(urls.vault, setting.replace('_APP_', '_VAULT_')))
  const opening = openBackend(urls, dir, choice)
  return reaching(urls.app, setting, choice, () =>
    withPatience(openWithin, opening).catch((error: unknown) => {
      if (error instanceof NoAnswer) opening.then(backend => backend.close()).catch(() => undefined)
      throw error
    }),
  )
}
