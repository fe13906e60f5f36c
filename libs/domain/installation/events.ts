import { concernsOf } from '#event-kit/concern'
import { type EventOf, defineEvent } from '#event-kit/event'
import { id, instant } from '#event-kit/field'

/**
 * The first word of a log: which one it is, and which vault's keys seal what stands in it. Another vault is refused before it reads or
 * writes anything here.
 */
export const InstallationBegun = defineEvent('InstallationBegun', { logId: id('LogId'), vaultId: id('VaultId'), at: instant() })

export const installationConcerns = concernsOf('installation', { installation: [InstallationBegun] })
export type InstallationEvent = EventOf<typeof InstallationBegun>
