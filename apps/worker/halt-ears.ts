import type { Logger } from 'pino'
import type { HaltEars } from '#ledger/postgres/halts'
import type { Metrics } from '#telemetry/metrics'

/** An alarm when the ledger must not go on, a line when it does, and a gauge in between. */
export const haltEars = (log: Logger, metrics: Metrics): HaltEars => ({
  halted: ({ part, why }) => {
    log.error({ part: 'ledger', halted: part, why }, 'the audit ledger does not go on: an incident until it is explained')
    metrics.halted(part, true)
  },
  goesOn: part => {
    log.warn({ part: 'ledger', halted: part }, 'the audit ledger goes on')
    metrics.halted(part, false)
  },
})
