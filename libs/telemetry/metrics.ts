import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60]
/** How a watched operation ended: done, or the kind of the error that it threw. */
export type Ended = { readonly failed: string | undefined; readonly seconds: number }
/**
 * What there is of the Hub is not counted by itself: whoever saw how many incidents were raised or read would know that there are some
 * (C40). By the names of its commands, questions, routes, refusals and read models.
 */
const ofHub = /incident|interested|involved|hub-/i
const isApart = (...names: readonly string[]) => names.some(name => ofHub.test(name))

/** What of a part is gauged when somebody asks. */
export type PartGauged = {
  readonly part: string
  readonly ready: boolean
  readonly lag?: string
  readonly behindSeconds?: number
  readonly parked?: number
  /** The roles in which nobody acts. */
  readonly vacant?: readonly string[]
}

/**
 * What a process counts and measures. Every label is a code of ours: a route's pattern, a command's name, a refusal's code, the kind of
 * an error. None is an id, and none comes from a request.
 */
export class Metrics {
  readonly #registry = new Registry()
  readonly #commands = new Counter({
    name: 'caseledger_commands_total',
    help: 'Commands by what became of them.',
    labelNames: ['command', 'outcome', 'code'] as const,
    registers: [this.#registry],
  })
  readonly #asked = new Counter({
    name: 'caseledger_messages_total',
    help: 'Commands and queries that were put on their bus, by name, whatever became of them.',
    labelNames: ['bus', 'message'] as const,
    registers: [this.#registry],
  })
  readonly #refusals = new Counter({
    name: 'caseledger_refusals_total',
    help: 'Requests that were refused, by the code of the answer.',
    labelNames: ['code'] as const,
    registers: [this.#registry],
  })
  readonly #requests = new Histogram({
    name: 'caseledger_http_request_seconds',
    help: 'Requests by route pattern.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: seconds,
    registers: [this.#registry],
  })
  readonly #appends = new Histogram({
    name: 'caseledger_append_seconds',
    help: 'Appends to the event store.',
    labelNames: ['outcome'] as const,
    buckets: seconds,
    registers: [this.#registry],
  })
  readonly #altered = new Counter({
    name: 'caseledger_appends_altered_total',
    help: 'Appends of which the event store stored something else than it was sent, or would have.',
    registers: [this.#registry],
  })
  readonly #keys = new Histogram({
    name: 'caseledger_key_operation_seconds',
    help: 'What was asked of the vault.',
    labelNames: ['operation', 'outcome'] as const,
    buckets: seconds,
    registers: [this.#registry],
  })
  readonly #projections = new Histogram({
    name: 'caseledger_projection_latency_seconds',
    help: 'From when the store took an event until a projection showed it; the oldest of each batch.',
    labelNames: ['projection'] as const,
    buckets: seconds,
    registers: [this.#registry],
  })
  readonly #applied = new Counter({
    name: 'caseledger_projection_events_total',
    help: 'Events that a projection has heard.',
    labelNames: ['projection'] as const,
    registers: [this.#registry],
  })
  readonly #leaves = new Counter({
    name: 'caseledger_ledger_leaves_total',
    help: 'Events that this process put into the audit ledger.',
    registers: [this.#registry],
  })
  readonly #ledgerSize = new Gauge({ name: 'caseledger_ledger_size', help: 'Leaves in the audit ledger.', registers: [this.#registry] })
  readonly #sequencing = new Histogram({
    name: 'caseledger_ledger_latency_seconds',
    help: 'From when the store took an event until it was a leaf of the audit ledger; the oldest of each batch.',
    buckets: seconds,
    registers: [this.#registry],
  })
  readonly #signedSize = new Gauge({
    name: 'caseledger_ledger_signed_size',
    help: 'Leaves under the checkpoint that was signed last.',
    registers: [this.#registry],
  })
  readonly #signedAt = new Gauge({
    name: 'caseledger_ledger_signed_at_seconds',
    help: 'When the last checkpoint was signed, in Unix time.',
    registers: [this.#registry],
  })
  readonly #halted = new Gauge({
    name: 'caseledger_ledger_halted',
    help: '1 while the audit ledger must not go on: where it is sequenced, where it is signed, or by what a witness saw.',
    labelNames: ['where'] as const,
    registers: [this.#registry],
  })
  readonly #stepsBack = new Counter({
    name: 'caseledger_ledger_steps_back_total',
    help: 'Events that were recorded earlier than one before them in the log, by more than clocks may differ.',
    registers: [this.#registry],
  })
  readonly #ready = new Gauge({
    name: 'caseledger_part_ready',
    help: '1 where /health/ready says ready.',
    labelNames: ['part'] as const,
    registers: [this.#registry],
  })
  readonly #lag = new Gauge({
    name: 'caseledger_projection_lag_positions',
    help: 'How far a projection lies behind the log; bytes on EventStoreDB.',
    labelNames: ['part'] as const,
    registers: [this.#registry],
  })
  readonly #behind = new Gauge({
    name: 'caseledger_projection_behind_seconds',
    help: 'The age of the oldest event that a projection has not shown.',
    labelNames: ['part'] as const,
    registers: [this.#registry],
  })
  readonly #parked = new Gauge({
    name: 'caseledger_parked',
    help: 'Streams that a projection, or events that a process, could not go on with.',
    labelNames: ['part'] as const,
    registers: [this.#registry],
  })
  readonly #vacant = new Gauge({
    name: 'caseledger_role_vacant',
    help: 'Roles that one person has to hold and in which nobody acts (C48).',
    labelNames: ['role'] as const,
    registers: [this.#registry],
  })

  constructor() {
    collectDefaultMetrics({ register: this.#registry, prefix: 'caseledger_' })
  }

  /** `outcome` is accepted, refused, conflict or failed; `code` the refusal's code, or the kind of the error. */
  command(command: string, outcome: string, code: string | undefined) {
    if (!isApart(command, code ?? '')) this.#commands.inc({ command, outcome, code: code ?? '' })
  }
  asked(bus: 'command' | 'query', message: string) {
    if (!isApart(message)) this.#asked.inc({ bus, message })
  }
  refusal(code: string) {
    if (!isApart(code)) this.#refusals.inc({ code })
  }
  request(method: string, route: string, status: number, took: number) {
    if (!isApart(route)) this.#requests.observe({ method, route, status: String(status) }, took)
  }
  append({ failed, seconds: took }: Ended) {
    this.#appends.observe({ outcome: failed ?? 'done' }, took)
  }
  altered() {
    this.#altered.inc()
  }
  keyOperation(operation: string, { failed, seconds: took }: Ended) {
    this.#keys.observe({ operation, outcome: failed ?? 'done' }, took)
  }
  applied(projection: string, events: number, oldestAgeSeconds: number) {
    if (isApart(projection)) return
    this.#applied.inc({ projection }, events)
    this.#projections.observe({ projection }, oldestAgeSeconds)
  }

  sequenced({ size, leaves, oldestAgeSeconds }: { readonly size: number; readonly leaves: number; readonly oldestAgeSeconds: number }) {
    this.#leaves.inc(leaves)
    this.#ledgerSize.set(size)
    this.#sequencing.observe(oldestAgeSeconds)
  }
  checkpoint(size: number, at: number) {
    this.#signedSize.set(size)
    this.#signedAt.set(at)
  }

  /** @param where a name of ours; or, of a witness, that it is one and the name that the policy gives it */
  halted(where: string, isHalted: boolean) {
    this.#halted.set({ where }, isHalted ? 1 : 0)
  }
  steppedBack() {
    this.#stepsBack.inc()
  }

  /** The names of all that is counted, without what Node's own runtime says of itself. */
  get names(): readonly string[] {
    return this.#registry
      .getMetricsAsArray()
      .map(({ name }) => name)
      .filter(name => !/^caseledger_(process|nodejs)_/.test(name))
  }

  /** In Prometheus's text format, as of now. */
  async text(parts: readonly PartGauged[] = []): Promise<string> {
    for (const gauge of [this.#ready, this.#lag, this.#behind, this.#parked, this.#vacant]) gauge.reset()
    for (const { part, ready, lag, behindSeconds, parked, vacant = [] } of parts) {
      for (const role of vacant) this.#vacant.set({ role }, 1)
      this.#ready.set({ part }, ready ? 1 : 0)
      if (lag !== undefined) this.#lag.set({ part }, Number(lag))
      if (behindSeconds !== undefined) this.#behind.set({ part }, behindSeconds)
      if (lag !== undefined || parked !== undefined) this.#parked.set({ part }, parked ?? 0)
    }
    return this.#registry.metrics()
  }
}
export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE
