import type { Commands, Order, Outcome } from '#commands/commands'
import type { Typed } from '#decider/decider'
import type { EventStore, NewEvent } from '#event-store/event-store'
import type { PostgresSubjectKeys } from '#subject-keys/postgres/postgres-subject-keys'
import type { Metrics } from '#telemetry/metrics'
import type { StoredAsSent } from './stored-as-sent.js'
import { watch } from '#telemetry/watch'

const vaultSpans = {
  seal: 'vault.seal',
  open: 'vault.open',
  close: 'vault.close',
  renew: 'vault.renew',
  reserve: 'vault.reserve',
  find: 'vault.find',
} as const

/** Measures and traces what a backend does, around its parts, so that none of them knows. */
export function watchBackend(
  { store, keys, commands }: { readonly store: EventStore; readonly keys: PostgresSubjectKeys; readonly commands: Commands },
  metrics: Metrics,
  storedAsSent: StoredAsSent,
): void {
  watch(
    store,
    { append: 'event-store.append' },
    {
      // A stream's name holds a person's reference; its category does not.
      begins: ([stream, , events]) => ({
        'caseledger.stream.category': (stream as string).split('-')[0] ?? '',
        'caseledger.events': (events as readonly NewEvent[]).length,
      }),
      ends: (_, ended) => {
        metrics.append(ended)
        if (storedAsSent.appended(ended.failed)) metrics.altered()
        return undefined
      },
    },
  )
  watch(keys, vaultSpans, {
    ends: (operation, ended) => {
      metrics.keyOperation(operation, ended)
      return undefined
    },
  })
  watch(
    commands,
    { execute: 'command' },
    {
      begins: ([order]) => ({ 'caseledger.command': nameOf(order) }),
      ends: (_, { failed }, [order], answer) => {
        const outcome = answer as Outcome<Typed, { readonly code: string }> | undefined
        const code = failed ?? (outcome?.kind === 'refused' ? outcome.refusal.code : undefined)
        metrics.command(nameOf(order), outcome?.kind ?? 'failed', code)
        return outcome && { 'caseledger.outcome': outcome.kind, ...(code === undefined ? {} : { 'caseledger.code': code }) }
      },
    },
  )
}

const nameOf = (order: unknown) => (order as Order<unknown, Typed, unknown>).facts.command
