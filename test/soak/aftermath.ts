import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { Standalone } from '../support/standalone.js'
import { type Clients, canary } from './clients.js'
import { eventOf } from './judge.js'
import { Walk } from './judge-lists.js'
import type { Heard, Person } from './truth.js'
import { readCase, readCertificate } from './readers.js'

/** Work whose worker was killed is taken up by another only after its lease. */
const patience = 120_000
const most = 50
type Stored = {
  readonly id: string
  readonly type: string
  readonly stream: string
  readonly revision: string
  readonly position: string
  readonly metadata: { readonly commandId: string; readonly command: string }
}

/**
 * After the faults: everything acknowledged is stored once, nothing twice, nothing by half; nobody erased can be read, everybody kept
 * can; and what looks after the log agrees.
 */
export async function whatIsBroken(
  parts: Clients,
  say: (text: string) => void,
): Promise<{ readonly events: number; readonly broken: readonly string[] }> {
  const { s, truth } = parts
  const broken: string[] = []
  const people = truth.people.filter(({ lost }) => !lost)
  const erased = people.filter(({ deeds }) => deeds.some(({ step, acknowledged }) => step === 'approve' && acknowledged < Infinity))
  const kept = people.filter(({ deeds }) => !deeds.some(({ step }) => step === 'approve'))
  const ready = await until(
    () => parts.asking.ask('health', signal => s.call('GET', '/health/ready', { signal })).then(({ heard }) => heard),
    ({ status }) => status === 200,
  )
  if (!ready) broken.push('it is not ready again')
  for (const person of erased)
    if (
      !(await until(
        () => readCertificate(parts, person),
        ({ status }) => status === 200,
      ))
    )
      broken.push(`the erasure of ${person.ref} was never completed`)
  say(`${erased.length} erasures are completed, ${kept.length} people were kept; reading the log …`)
  const stored = await history(parts)
  broken.push(...missing(stored, parts), ...notOurs(stored, people), ...gaps(stored), ...halves(stored))
  for (const person of [...erased, ...kept]) broken.push(...(await readable(parts, person, !kept.includes(person))))
  for (const [args, words] of checks) {
    say(`caseledger ${args.join(' ')} …`)
    const { status, said } = await run(s, args)
    if (status !== 0) broken.push(`${words}: ${said}`)
  }
  const found = s.filesWith([canary])
  if (found.length > 0) broken.push(`personal data stands in ${found.length} files`)
  return { events: stored.length, broken: broken.slice(0, most) }
}

const checks: readonly (readonly [readonly string[], string])[] = [
  [['replay', '--check'], 'a read model is not what the log says'],
  [['keys', 'reconcile'], 'log, vault and journal do not agree'],
  [['ledger', 'fsck', '--deep'], 'the audit ledger is not what the log says'],
]

/** Asks until the answer is as wanted. False: it never was. */
async function until(ask: () => Promise<Heard>, wanted: (heard: Heard) => boolean): Promise<boolean> {
  for (const deadline = performance.now() + patience; performance.now() < deadline;) {
    if (wanted(await ask())) return true
    await after(50)
  }
  return false
}

/** The whole log. Every page is judged as a reader’s. */
async function history({ s, asking, truth, tally }: Clients): Promise<readonly Stored[]> {
  const all: Stored[] = []
  const walk = new Walk(truth, 0n)
  for (let position = '0', left = 1_000; left > 0;) {
    const { heard, moment } = await asking.ask('events', late => s.get('auditor', `/events?limit=1000&after=${position}`, {}, late))
    if (heard.status !== 200) {
      left--
      await after(100)
      continue
    }
    tally.lie(walk.page(heard, BigInt(position), moment))
    const { items, next } = heard.body as { readonly items: readonly Stored[]; readonly next?: string }
    all.push(...items)
    if (next === undefined) return all
    position = next
  }
  throw new Error('the log could not be read after the faults')
}

function* missing(stored: readonly Stored[], { truth }: Clients) {
  const times = new Map<string, number>()
  for (const { id } of stored) times.set(id, (times.get(id) ?? 0) + 1)
  for (const [id, count] of times) if (count > 1) yield `the event ${id} is stored ${count} times`
  for (const [id, { stream }] of truth.log) if (!times.has(id)) yield `an event of ${stream} was acknowledged and is not there`
}

const commandOf = new Map(
  Object.entries({
    ReceiveReferral: 'refer',
    RecordServiceWish: 'wish',
    RecordDetails: 'details',
    RecordConsentForm: 'consent',
    ShareData: 'share',
    RecordSending: 'send',
    RequestErasure: 'ask for erasure',
    DecideErasure: 'approve',
  } as const),
)

/** Each command leads to its event once, and nobody's stream holds a command that was not sent. */
function* notOurs(stored: readonly Stored[], people: readonly Person[]) {
  const known = new Map(people.map(person => [person.stream, new Set(person.deeds.flatMap(({ eventIds }) => eventIds))]))
  for (const {
    id,
    type,
    stream,
    metadata: { command },
  } of stored) {
    const step = commandOf.get(command)
    if (step !== undefined && type === eventOf[step] && known.get(stream)?.has(id) === false)
      yield `${stream} holds a ${type} that no command of its was answered with`
  }
}

function* gaps(stored: readonly Stored[]) {
  const next = new Map<string, bigint>()
  for (const { stream, revision } of stored) {
    if (BigInt(revision) !== (next.get(stream) ?? 0n)) yield `${stream} has a gap at ${revision}`
    next.set(stream, BigInt(revision) + 1n)
  }
}

/** What each command has to have led to, whole or not at all. */
function* halves(stored: readonly Stored[]) {
  const byCommand = new Map<string, Stored[]>()
  for (const event of stored) {
    // What was refused is on record elsewhere, under the command's id.
    if (!event.stream.startsWith('person-')) continue
    const known = byCommand.get(event.metadata.commandId)
    if (known) known.push(event)
    else byCommand.set(event.metadata.commandId, [event])
  }
  for (const events of byCommand.values()) {
    const step = commandOf.get(events[0]?.metadata.command ?? '')
    if (step !== undefined && events.filter(({ type }) => type === eventOf[step]).length !== 1)
      yield `a command is stored by half: ${events.map(({ type }) => type).join(', ')}`
  }
}

/** Judged as a reader's, up to what was acknowledged last; then as the end wants it. */
async function readable(parts: Clients, person: Person, isErased: boolean): Promise<readonly string[]> {
  let fields: Readonly<Record<string, unknown>> = {}
  const answered = await until(
    async () => {
      const heard = await readCase(parts, person, person.position)
      if (heard.status === 200) fields = heard.body['fields'] as typeof fields
      return heard
    },
    ({ status }) => status === 200,
  )
  if (!answered) return [`the case of ${person.ref} cannot be read`]
  const gone = Object.values(fields).every(value => (value as { readonly erased?: unknown } | null)?.erased === true)
  if (isErased) return gone ? [] : [`${person.ref} was erased and can be read`]
  return fields['ID.name'] === person.name && fields['EMP.skills'] === person.name ? [] : [`${person.ref} was kept and cannot be read`]
}

/** A command of the command line. Not in this process's way: what runs beside it goes on talking. */
function run(s: Standalone, args: readonly string[]): Promise<{ readonly status: number | null; readonly said: string }> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [join(process.cwd(), 'tools/caseledger.mjs'), ...args], {
      env: s.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-2_000)
      })
    child.once('close', status => {
      resolve({ status, said: said.trim() })
    })
  })
}
