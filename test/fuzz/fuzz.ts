import { incidentEvents } from '#domain/incident/events'
import { randomUUID } from 'node:crypto'
import { type StaffRole, staffRoles } from '#kernel/actor'
import { refusals } from '#kernel/refusals'
import type { Answer, Standalone } from '../support/standalone.js'
import { Random } from '../support/random.js'
import { type OpenApi, type Operation, operationsOf } from './openapi.js'
import { badValue, bodyText, canary, goodValue } from './values.js'

/** What the fuzzer needs of a running Caseledger. */
export type Service = Pick<Standalone, 'call' | 'get' | 'token' | 'until'>
type FuzzRun = { readonly seed: number; readonly requests: number; readonly tell?: (done: number) => void }
export type Found = {
  readonly seed: number
  readonly nth: number
  readonly role: string
  readonly operation: string
  readonly status: number
  readonly what: string
}
export type Summary = {
  readonly requests: number
  readonly roles: number
  readonly paths: number
  readonly accepted: number
  readonly refusedBy: Readonly<Record<string, number>>
  readonly slowest: number
  readonly slow: number
  /** The longest that the API's event loop stood, in milliseconds, and by which request that was over. */
  readonly longestBlock: { readonly ms: number; readonly by: number }
  readonly findings: readonly Found[]
}
type Sent = { readonly operation: Operation; readonly role: StaffRole; readonly misshapen: boolean; readonly answer: Answer }

/** What the log is compared with in the end: every event of a command stands in exactly one answer. */
const machinery = [
  'SubjectKeyCreated',
  'BreachKeyCreated',
  'AuditKeyCreated',
  'StaffKeyCreated',
  'StaffKeysDestroyed',
  'SubjectKeyDestroyed',
  'ErasureFenced',
  'ProjectionPurgeConfirmed',
  'ErasureCompleted',
  'ErasureRequestClosed',
  'ReferralErased',
  'DisclosureDispatched',
  'DisclosureDispatchFailed',
  'PendingDisclosureCancelled',
  'KeyRetired',
  'StaffRegistered',
  'RoleAppointed',
]
const patience = 30_000
const slowMs = 1_000
/** How often the API is asked how long it stood: each time it begins to measure anew. */
const measuredEvery = 50

/** Asks every path, in every role, what it takes and what it does not. Nothing may be a server's error, an echo or half of a command. */
export async function fuzz(s: Service, { seed, requests, tell = () => undefined }: FuzzRun): Promise<Summary> {
  const document = (await s.call('GET', '/openapi.json')).body as unknown as OpenApi
  const operations = operationsOf(document).filter(({ roles }) => roles.length > 0)
  for (const role of staffRoles) s.token(role)
  const before = await positionNow(s)
  const run = {
    dice: new Random(seed),
    known: {} as Record<string, string[]>,
    findings: [] as Found[],
    refusedBy: {} as Record<string, number>,
    accepted: 0,
    slowest: 0,
    slow: 0,
    longestBlock: { ms: 0, by: 0 },
    answered: new Set<string>(),
    paths: new Set<string>(),
    roles: new Set<string>(),
  }
  await blockedFor(s)
  for (let nth = 0; nth < requests; nth++) {
    // Every path in turn, so that none is left to chance; the role mostly one that may.
    const operation = operations[nth % operations.length] as Operation
    const role = run.dice.oneIn(4) ? run.dice.pick(staffRoles) : (run.dice.pick(operation.roles) as StaffRole)
    const began = performance.now()
    const { answer, misshapen } = await send(s, document, operation, role, run.dice, run.known)
    const took = performance.now() - began
    run.slowest = Math.max(run.slowest, took)
    if (took > slowMs) run.slow++
    run.paths.add(`${operation.method} ${operation.path}`)
    run.roles.add(role)
    for (const what of wrongWith({ operation, role, misshapen, answer }))
      run.findings.push({ seed, nth, role, operation: `${operation.method} ${operation.path}`, status: answer.status, what })
    if (answer.status >= 400) {
      const code = typeof answer.body['code'] === 'string' ? answer.body['code'] : String(answer.status)
      run.refusedBy[code] = (run.refusedBy[code] ?? 0) + 1
    } else {
      run.accepted++
      remember(answer, run.known, run.answered)
    }
    if (nth % measuredEvery === measuredEvery - 1 || nth === requests - 1) {
      const ms = await blockedFor(s)
      if (ms > run.longestBlock.ms) run.longestBlock = { ms, by: nth }
    }
    if (nth % 500 === 499) tell(nth + 1)
  }
  for (const what of await halfWritten(s, before, run.answered))
    run.findings.push({ seed, nth: requests, role: '', operation: 'the log', status: 0, what })
  const { paths, roles, slowest, accepted, refusedBy, slow, longestBlock, findings } = run
  return { requests, roles: roles.size, paths: paths.size, accepted, refusedBy, slowest: Math.round(slowest), slow, longestBlock, findings }
}

/** The longest that the event loop stood since this was asked last, in milliseconds. */
async function blockedFor(s: Service): Promise<number> {
  const { text } = await s.call('GET', '/metrics')
  return Math.round(Number(/^caseledger_nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1] ?? 0) * 1_000)
}

function wrongWith({ operation, role, misshapen, answer: { status, text, body, headers } }: Sent): readonly string[] {
  const wrong: string[] = []
  // A position that the log has not reached is waited for, and then said not to be there yet.
  if (status >= 500 && body['code'] !== 'NOT_YET_VISIBLE') wrong.push(`a server's error: ${String(body['code'])}`)
  if (
    status >= 400
    && !(
      typeof body['code'] === 'string'
      && body['code'] in refusals
      && headers.get('content-type')?.startsWith('application/problem+json')
    )
  )
    wrong.push('a refusal that is none of ours')
  if (status < 400 && !operation.roles.includes(role)) wrong.push('it was allowed to a role that may not')
  if (misshapen && (status < 400 || [404, 409, 422].includes(status))) wrong.push('a wrong shape that was looked into')
  // A read shows what was recorded, to those who may see it; nothing else gives back what was sent.
  if (
    (status >= 400 || operation.method === 'POST')
    && !operation.path.endsWith('/search')
    && (text.includes(canary) || JSON.stringify([...headers]).includes(canary))
  )
    wrong.push('an echo')
  return wrong
}

async function send(
  s: Service,
  document: OpenApi,
  { method, path, parameters, body }: Operation,
  role: StaffRole,
  dice: Random,
  known: Record<string, readonly string[]>,
): Promise<Pick<Sent, 'answer' | 'misshapen'>> {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  const valueOf = (name: string, schema: Operation['parameters'][number]['schema'], oddsOfBad: number) =>
    dice.oneIn(oddsOfBad) ? badValue(dice) : goodValue(document, schema, name, dice, known)
  let to = path
  const query = new URLSearchParams()
  for (const { name, in: where, required, schema } of parameters) {
    if (where === 'path')
      to = to.replace(
        `{${name}}`,
        encodeURIComponent(
          text(valueOf(name, schema, 10))
            .toWellFormed()
            .slice(0, 300),
        ),
      )
    // A position ahead of the log is waited for: asked for now and then only.
    if (where === 'query' && (required || dice.oneIn(3)) && !(name === 'after' && !dice.oneIn(40)))
      query.set(
        name,
        text(valueOf(name, schema, 5))
          .toWellFormed()
          .slice(0, 2_000),
      )
  }
  if (dice.oneIn(20)) query.set(canary, canary)
  const headers: Record<string, string> = dice.oneIn(15) ? {} : { 'idempotency-key': randomUUID() }
  if (dice.oneIn(25)) headers['if-match'] = dice.pick(['"0"', '"99999"', canary, '*'])
  if (dice.oneIn(25)) headers['x-correlation-id'] = canary
  if (dice.oneIn(30))
    headers['content-type'] = dice.pick([
      'text/plain',
      'application/xml',
      'application/json; charset=utf-16',
      'multipart/form-data; boundary=x',
    ])
  const sent = body && bodyText(document, body, dice, known)
  const answer = await s.call(method, `${to}${query.size > 0 ? `?${query.toString()}` : ''}`, {
    token: s.token(role),
    headers,
    ...(sent === undefined ? {} : { body: sent.text }),
  })
  return { answer, misshapen: sent?.misshapen ?? false }
}

/** Ids of what was made, for later requests to go on with; and the events that the answer owns up to. */
function remember({ body }: Answer, known: Record<string, string[]>, answered: Set<string>) {
  for (const name of ['subjectRef', 'requestId', 'disclosureId', 'breachId', 'referralId', 'auditId', 'sampleId', 'findingId']) {
    const id = body[name]
    if (typeof id !== 'string') continue
    const ids = (known[name] ??= [])
    ids.push(id)
    if (ids.length > 40) ids.shift()
  }
  if (typeof body['position'] === 'string') known['after'] = known['cursor'] = [body['position'], '0']
  const events = (body['events'] as readonly { readonly id: string; readonly type: string }[] | undefined) ?? []
  for (const { id, type } of events) if (!keptApart.has(type)) answered.add(id)
}

/** What no history shows (ADR-0029). */
const keptApart: ReadonlySet<string> = new Set(incidentEvents.map(({ type }) => type))

type Seen = { readonly id: string; readonly type: string; readonly stream: string; readonly position: string } & {
  readonly metadata?: { readonly actor?: { readonly role?: string } }
}
async function* eventsAfter(s: Service, after: string): AsyncIterable<Seen> {
  for (let next: string | undefined = after; next !== undefined;) {
    const { body } = await s.get('auditor', `/events?limit=1000&after=${next}`)
    yield* body['items'] as readonly Seen[]
    next = body['next'] as string | undefined
  }
}

async function positionNow(s: Service): Promise<string> {
  let position = '0'
  for await (const event of eventsAfter(s, '0')) position = event.position
  return position
}

/** Events that no answer owns up to: half of a command, or one that was said to be refused. And a service that is not whole any more. */
async function halfWritten(s: Service, before: string, answered: ReadonlySet<string>): Promise<readonly string[]> {
  const wrong: string[] = []
  const seen = new Set<string>()
  for await (const { id, type, stream, metadata } of eventsAfter(s, before)) {
    seen.add(id)
    // An incident about information is reported as a breach by a process: whoever raised it is not told.
    if (type === 'BreachReported' && metadata?.actor?.role === 'system') continue
    if (!/^(access|refusal)-/.test(stream) && !machinery.includes(type) && !answered.has(id)) wrong.push(`a ${type} that no answer names`)
  }
  for (const id of answered)
    if (!seen.has(id)) {
      wrong.push('an event that an answer names and the log does not hold')
      break
    }
  const ready = await s
    .until(
      () => s.call('GET', '/health/ready'),
      ({ status }) => status === 200,
      patience,
    )
    .catch(() => undefined)
  if (!ready) wrong.push('the service is not ready any more')
  return wrong
}
