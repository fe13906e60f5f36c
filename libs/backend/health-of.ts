import { Policies } from '#commands/policies-in-force'
import { rememberers, signedLast } from '#hosting/signer-place'
import { countUnread } from '#processes/postgres/unread'
import { appointmentsPart } from './appointments.js'
import type { Backend } from './backend.js'
import { Health, type Part } from './health.js'
import { releasePart } from './newer-events.js'
import { SignedHistory } from './signed-history.js'

type Asked = {
  /** How the vault is asked: a service passes its gate. */
  readonly vault: ConstructorParameters<typeof Health>[2]
  /** What this process alone can tell. */
  readonly more?: readonly (() => Promise<Part>)[]
}
/** How everything is that a service needs: the same parts, whoever asks. */
export function healthOf({ store, readModels, folds, clock, clocks, codec, sql, ledger }: Backend, { vault, more = [] }: Asked): Health {
  const signedHistory = new SignedHistory(sql, ledger, rememberers)
  return new Health(store, readModels, vault, new Policies(folds), clock, () => countUnread(sql), ledger, signedLast, [
    releasePart(sql, codec),
    () => clocks.part(),
    () => appointmentsPart(folds, clock),
    () => signedHistory.part(),
    ...more,
  ])
}
