import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Answer, Standalone, hourAgo, referral } from '../support/standalone.js'

export type SoakOptions = {
  readonly seconds: number
  readonly say: (text: string) => void
  /** Kills the event store's server and starts it again, where the log is in EventStoreDB and somebody can. */
  readonly restartEventStore?: (() => void) | undefined
}
export type SoakReport = { readonly referrals: number; readonly erasures: number; readonly kills: Readonly<Record<string, number>>; readonly events: number; readonly broken: readonly string[] }
type Acknowledged = { readonly stream: string; readonly eventIds: readonly string[] }

const clients = 4
/** Work whose worker was killed is taken up by another only after its lease. */
const patience = 90_000
const roles = ['dpo', 'ips-worker', 'back-office', 'auditor'] as const

/** Load over HTTP while API, worker, database and event store are killed at random; then everything that was acknowledged is looked for. */
export async function soak({ seconds, say, restartEventStore }: SoakOptions): Promise<SoakReport> {
  const s = await Standalone.start()
  try {
    for (const role of roles) s.token(role)
    const acknowledged: Acknowledged[] = []
    const erased: { readonly ref: string; readonly name: string }[] = []
    const kept: { readonly ref: string; readonly name: string }[] = []
    const until = Date.now() + seconds * 1_000
    // A slow machine goes on until somebody was erased, or two minutes longer.
    const over = () => Date.now() > until && (erased.length > 0 || Date.now() > until + 120_000)
    const failed = new AbortController()
    const living = Promise.all(Array.from({ length: clients }, (_, n) => live(s, n, over, { acknowledged, erased, kept })))
    living.catch(() => { failed.abort() })
    const kills = await killAtRandom(s, () => over() || failed.signal.aborted, say, restartEventStore)
    await living
    say('The killing is over; looking for everything that was acknowledged …')
    const broken = await whatIsBroken(s, acknowledged, erased, kept)
    return { referrals: erased.length + kept.length, erasures: erased.length, kills, ...broken }
  } catch (error) {
    say(s.said.split('\n').slice(-12).join('\n'))
    throw error
  } finally { await s.end() }
}

/** Repeats a request, with the same key, until it is answered. Whoever is down comes back. */
async function insist(ask: () => Promise<Answer>): Promise<Answer> {
  for (const deadline = Date.now() + 120_000; ;) {
    const answer = await ask().catch((): undefined => undefined)
    if (answer && answer.status < 500) return answer
    if (Date.now() > deadline) throw new Error(`it was never answered; at last ${answer ? `${answer.status} ${String(answer.body['code'])}` : 'by nobody'}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

type Lives = { readonly acknowledged: Acknowledged[]; readonly erased: { readonly ref: string; readonly name: string }[]; readonly kept: { readonly ref: string; readonly name: string }[] }

async function live(s: Standalone, client: number, over: () => boolean, { acknowledged, erased, kept }: Lives) {
  const post = async (role: typeof roles[number], path: string, body: unknown) => {
    const key = randomUUID()
    const answer = await insist(() => s.post(role, path, body, key))
    if (answer.status >= 300) throw new Error(`${path.split('/').at(-1) ?? ''} was refused: ${String(answer.body['code'])}`)
    return answer.body as { readonly subjectRef: string; readonly requestId: string; readonly events: readonly { readonly id: string }[] }
  }
  for (let n = 0; !over(); n++) {
    const name = `Soak Canary ${client}x${n}`
    const referred = await post('back-office', '/referrals', referral({ name }))
    const ref = referred.subjectRef
    const note = ({ events }: { readonly events: readonly { readonly id: string }[] }) => { acknowledged.push({ stream: `person-${ref}`, eventIds: events.map(({ id }) => id) }) }
    note(referred)
    note(await post('back-office', `/subjects/${ref}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' }))
    note(await post('ips-worker', `/subjects/${ref}/details`, { category: 'EMP', items: { skills: name }, provenance: 'PERSON' }))
    if (n % 3 === 0) { kept.push({ ref, name }); continue }
    const asked = await post('ips-worker', `/subjects/${ref}/erasure-requests`, { channel: 'PHONE', receivedAt: hourAgo(), grounds: 'OBJECTION', words: 'please' })
    note(asked)
    note(await post('dpo', `/subjects/${ref}/erasure-requests/${asked.requestId}/decision`, { decision: 'APPROVED', consequenceExplainedAt: hourAgo() }))
    erased.push({ ref, name })
  }
}

async function killAtRandom(s: Standalone, over: () => boolean, say: SoakOptions['say'], restartEventStore: (() => void) | undefined) {
  const kills: Record<string, number> = { API: 0, worker: 0, PostgreSQL: 0, ...(restartEventStore ? { EventStoreDB: 0 } : {}) }
  const kinds = Object.keys(kills)
  while (!over()) {
    await new Promise(resolve => setTimeout(resolve, 700 + Math.random() * 1_800))
    const kind = kinds[Math.floor(Math.random() * kinds.length)] as string
    if (kind === 'EventStoreDB') restartEventStore?.()
    else {
      const pid = kind === 'PostgreSQL' ? postmaster(s.dir) : s.children(kind === 'API' ? 'api' : 'worker')[0]
      if (pid === undefined) continue
      try { process.kill(pid, 'SIGKILL') } catch { continue }
    }
    kills[kind] = (kills[kind] ?? 0) + 1
    say(`killed: ${kind}`)
  }
  return kills
}

function postmaster(dir: string): number | undefined {
  try { return Number(readFileSync(join(dir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]) } catch { return undefined }
}

async function whatIsBroken(s: Standalone, acknowledged: readonly Acknowledged[], erased: Lives['erased'], kept: Lives['kept']): Promise<Pick<SoakReport, 'events' | 'broken'>> {
  const broken: string[] = []
  await ready(s)
  for (const { ref } of erased) await s.until(() => insist(() => s.get('auditor', `/subjects/${ref}/erasure-certificate`)), ({ status }) => status === 200, patience).catch(() => { broken.push(`the erasure of ${ref} was never completed`) })
  const stored = await history(s)
  const ids = new Map<string, number>()
  for (const { id } of stored) ids.set(id, (ids.get(id) ?? 0) + 1)
  for (const [id, times] of ids) if (times > 1) broken.push(`the event ${id} is stored ${times} times`)
  for (const { stream, eventIds } of acknowledged) for (const id of eventIds) if (!ids.has(id)) broken.push(`an event of ${stream} was acknowledged and is not there`)
  broken.push(...gaps(stored), ...halves(stored))
  for (const { ref } of erased) {
    const fields = (await insist(() => s.get('back-office', `/subjects/${ref}/case?purpose=REFERRAL_INTAKE`))).body['fields'] as Record<string, { readonly erased?: boolean }>
    if (Object.values(fields).some(field => field.erased !== true)) broken.push(`${ref} was erased and can be read`)
  }
  for (const { ref, name } of kept) {
    const fields = (await insist(() => s.get('back-office', `/subjects/${ref}/case?purpose=REFERRAL_INTAKE`))).body['fields'] as Record<string, unknown>
    if (fields['ID.name'] !== name) broken.push(`${ref} was kept and cannot be read`)
  }
  const check = s.cli('replay', '--check')
  if (check.status !== 0) broken.push(`a read model is not what the log says:\n${check.stdout}`)
  const reconciled = s.cli('keys', 'reconcile')
  if (reconciled.status !== 0) broken.push(`log, vault and journal do not agree:\n${reconciled.stdout}`)
  const found = s.filesWith(['Soak Canary'])
  if (found.length > 0) broken.push(`personal data stands in ${found.length} files`)
  return { events: stored.length, broken }
}

const ready = (s: Standalone) => s.until(() => s.call('GET', '/health/ready').catch(() => s.nothing), ({ status }) => status === 200, patience)

type Stored = { readonly id: string; readonly type: string; readonly stream: string; readonly revision: string; readonly metadata: { readonly commandId: string; readonly command: string } }

async function history(s: Standalone): Promise<readonly Stored[]> {
  const head = await lastPosition(s)
  const all: Stored[] = []
  for (let after = '0'; ;) {
    const { body } = await insist(() => s.get('auditor', `/events?limit=1000&after=${after}`))
    const items = body['items'] as (Stored & { readonly position: string })[]
    all.push(...items)
    after = items.at(-1)?.position ?? after
    if (items.length === 0 || BigInt(after) >= head) return all
  }
}

async function lastPosition(s: Standalone): Promise<bigint> {
  const answer = await insist(() => s.post('back-office', '/referrals', referral({ name: 'Soak Last' }), 'the-last-of-the-soak'))
  return BigInt(String(answer.body['position']))
}

function* gaps(stored: readonly Stored[]) {
  const next = new Map<string, bigint>()
  for (const { stream, revision } of stored) {
    if (BigInt(revision) !== (next.get(stream) ?? 0n)) yield `${stream} has a gap at ${revision}`
    next.set(stream, BigInt(revision) + 1n)
  }
}

/** What each command has to have led to, whole or not at all. */
const whole: Readonly<Record<string, string>> = { ReceiveReferral: 'ReferralReceived', RecordDetails: 'PersonalDetailsRecorded', RequestErasure: 'ErasureRequested', DecideErasure: 'ErasureApproved' }

function* halves(stored: readonly Stored[]) {
  const byCommand = new Map<string, Stored[]>()
  for (const event of stored) byCommand.set(event.metadata.commandId, [...byCommand.get(event.metadata.commandId) ?? [], event])
  for (const events of byCommand.values()) {
    const wanted = whole[events[0]?.metadata.command ?? '']
    if (wanted !== undefined && events.filter(({ type }) => type === wanted).length !== 1) yield `a command is stored by half: ${events.map(({ type }) => type).join(', ')}`
  }
}

/** A program of the operator's that restarts the event store, from EVENTSTOREDB_RESTART. */
export function restartProgram(): (() => void) | undefined {
  const program = process.env['EVENTSTOREDB_RESTART']
  if (!program || process.env['CASELEDGER_EVENT_STORE'] !== 'eventstoredb') return undefined
  return () => { spawnSync(program, { stdio: 'ignore' }) }
}
