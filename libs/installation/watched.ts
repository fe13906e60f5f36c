import type { Commands, Outcome } from '#commands/commands'
import type { Typed } from '#decider/decider'
import type { EventStore } from '#event-store/event-store'
import { kindOf } from '#kernel/error-kind'
import type { PostgresSubjectKeys } from '#subject-keys/postgres/postgres-subject-keys'
import type { Metrics } from '#telemetry/metrics'
import { inSpan } from '#telemetry/spans'
import { watch } from '#telemetry/watch'

/** Measures and traces what a backend does, around its parts, so that none of them knows. */
export function watchBackend({ store, keys, commands }: { readonly store: EventStore; readonly keys: PostgresSubjectKeys; readonly commands: Commands }, metrics: Metrics): void {
  // A stream's name holds a person's reference; its category does not.
  watch(store, 'event-store', ['append'], (_, end) => { metrics.append(end) }, ([stream, , events]) => ({ 'caseledger.stream.category': String(stream).split('-')[0] ?? '', 'caseledger.events': (events as readonly unknown[]).length }))
  watch(keys, 'vault', ['seal', 'open', 'close', 'renew', 'reserve', 'find'], (operation, end) => { metrics.keyOperation(operation, end) })
  const execute = commands.execute.bind(commands)
  Object.defineProperty(commands, 'execute', {
    configurable: true,
    value: (order: Parameters<Commands['execute']>[0]) => inSpan('command', { 'caseledger.command': order.facts.command }, async tell => {
      try {
        const outcome = await execute(order)
        const code = codeOf(outcome)
        metrics.command(order.facts.command, outcome.kind, code)
        tell({ 'caseledger.outcome': outcome.kind, ...(code === undefined ? {} : { 'caseledger.code': code }) })
        return outcome
      } catch (error) {
        metrics.command(order.facts.command, 'failed', kindOf(error))
        throw error
      }
    }),
  })
}

const codeOf = (outcome: Outcome<Typed, unknown>) => outcome.kind === 'refused' ? String((outcome.refusal as { readonly code?: unknown }).code) : undefined
