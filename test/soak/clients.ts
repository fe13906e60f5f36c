import { randomUUID } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import type { StaffRole } from '#kernel/actor'
import type { Random } from '../support/random.js'
import { type Standalone, hourAgo, referral } from '../support/standalone.js'
import type { Asking } from './asking.js'
import { judgeCommand } from './judge.js'
import type { Tally } from './tally.js'
import { Person, type Step, type Truth } from './truth.js'

export type Clients = {
  readonly s: Standalone
  readonly asking: Asking
  readonly truth: Truth
  readonly tally: Tally
  readonly signal: AbortSignal
  readonly broken: (what: string) => void
}

/** The word in every personal value of these people. */
export const canary = 'Soak Canary'
export const roles = ['dpo', 'ips-worker', 'back-office', 'auditor'] as const satisfies readonly StaffRole[]
const pace = 20
/** How long a command is repeated before it counts as never answered. */
const insists = 240_000

const sharing = {
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  confidentialityBasis: 'CONSENT',
}
export const whetherToShare = sharing
const disclosure = { ...sharing, necessity: `So that ${canary} can plan the next step.`, method: 'SECURE_EMAIL' }
const form = () => ({
  formVersion: 'SCF-1',
  completedAt: hourAgo(),
  method: 'WET_SIGNATURE',
  rows: [{ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP'], decision: 'YES' }],
})

/** One client, who refers people and records what becomes of them, until it is over. Each is finished, or given up as lost. */
export async function live(client: number, random: Random, parts: Clients, over: () => boolean): Promise<void> {
  for (let n = 0; !over() && !parts.signal.aborted; n++) {
    const person = new Person(`${canary} ${client}x${n}`, `077${String(client).padStart(2, '0')} ${String(100_000 + n)}`)
    try {
      await oneLife(person, random, parts)
    } catch (error) {
      if (!(error instanceof NeverAnswered)) throw error
      person.lost = true
      if (!isOver(parts.signal)) parts.broken(error.message)
    }
  }
}

class NeverAnswered extends Error {}
const isOver = (signal: AbortSignal) => signal.aborted

async function oneLife(person: Person, random: Random, parts: Clients) {
  const command = (step: Step, role: StaffRole, path: string, body: object) =>
    insist(person, step, parts, (key, signal) => parts.s.post(role, path, body, key, {}, signal))
  const about = () => `/subjects/${person.ref}`
  const referred = await command('refer', 'back-office', '/referrals', referral({ name: person.name, phone: person.phone }))
  person.ref = String(referred['subjectRef'])
  parts.truth.people.push(person)
  await command('wish', 'back-office', `${about()}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })
  const details = { category: 'EMP', items: { status: 'UNEMPLOYED', skills: person.name }, provenance: 'PERSON' }
  await command('details', 'ips-worker', `${about()}/details`, details)
  await command('consent', 'ips-worker', `${about()}/consent-forms`, form())
  for (let left = 1 + random.below(2); left > 0; left--) {
    const { disclosureId } = await command('share', 'ips-worker', `${about()}/disclosures`, disclosure)
    if (random.oneIn(2)) await command('send', 'ips-worker', `${about()}/disclosures/${String(disclosureId)}/sending`, {})
  }
  if (random.oneIn(3)) return
  const { requestId } = await command('ask for erasure', 'ips-worker', `${about()}/erasure-requests`, {
    channel: 'PHONE',
    receivedAt: hourAgo(),
    grounds: 'OBJECTION',
    words: `${canary} says please`,
  })
  await command('approve', 'dpo', `${about()}/erasure-requests/${String(requestId)}/decision`, {
    decision: 'APPROVED',
    consequenceExplainedAt: hourAgo(),
  })
  // Once more: it is recorded, or they are erased by then.
  if (random.oneIn(2)) await command('details', 'ips-worker', `${about()}/details`, details)
}

/** Sends a command, with the same key, until it is answered with what can be its answer for good. @throws NeverAnswered */
async function insist(
  person: Person,
  step: Step,
  { asking, truth, tally, signal }: Clients,
  send: (key: string, signal: AbortSignal) => ReturnType<Standalone['post']>,
) {
  const key = randomUUID()
  const deed = person.try(step, truth.now())
  let last = 'nobody'
  for (const deadline = performance.now() + insists; performance.now() < deadline && !signal.aborted;) {
    const { heard, moment } = await asking.ask(step, late => send(key, late))
    const lies = judgeCommand(step, person, heard, moment)
    tally.lie(lies)
    last = `${heard.status} ${heard.code ?? ''}`
    if (heard.status >= 200 && heard.status < 300) {
      // The first answer tells who it is.
      if (step === 'refer') person.ref = String(heard.body['subjectRef'])
      truth.acknowledge(person, deed, heard, moment.answered)
      await after(pace)
      return heard.body
    }
    if (heard.code === 'SUBJECT_ERASED' && lies.length === 0) return heard.body
    await after(pace * 3)
  }
  throw new NeverAnswered(
    `${step} of ${person.ref === '' ? 'somebody new' : person.ref} was never done; the last answer was ${last.trim()}`,
  )
}
