import { randomUUID } from 'node:crypto'
import { Policies } from '#commands/policies-in-force'
import { type DisclosureTransport, dispatchDisclosure } from '#processes/dispatch'
import { aReferral, aSharingForm, type openDoors } from './doors.js'

type Doors = Awaited<ReturnType<typeof openDoors>>

/** What may go to the Jobcentre of somebody who agreed to it. */
export const toDwp = {
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  confidentialityBasis: 'CONSENT',
  necessity: 'To plan the next step.',
  method: 'SECURE_EMAIL',
}
type Row = (typeof aSharingForm.rows)[number]
export const sign = (doors: Doors, to: string, change: Partial<Record<keyof Row, unknown>> = {}, completedAt = new Date().toISOString()) =>
  doors.tell('ips-worker', `${to}/consent-forms`, { ...aSharingForm, completedAt, rows: [{ ...aSharingForm.rows[0], ...change }] })

/** Somebody who was referred, and of whom this was recorded since: where their doors are. */
export async function referredWith(doors: Doors, held: Readonly<Record<string, object>>): Promise<string> {
  const { body } = await doors.tell('back-office', 'referrals', aReferral)
  const to = `subjects/${String(body['subjectRef'])}`
  for (const [category, items] of Object.entries(held))
    expect(await doors.tell('ips-worker', `${to}/details`, { category, items, provenance: 'PERSON' })).toMatchObject({ status: 200 })
  return to
}

/** Somebody of whom work is held, and who agreed that the Jobcentre hears of it: where their doors are. */
export async function agreed(doors: Doors): Promise<string> {
  const to = await referredWith(doors, { EMP: { status: 'EMPLOYED' } })
  expect((await sign(doors, to, {}, '2026-11-21T10:00:00Z')).status).toBe(201)
  return to
}

/** The id of a disclosure that was put on record. */
export async function shared(doors: Doors, to: string, what: object = toDwp): Promise<string> {
  const { status, body } = await doors.tell('ips-worker', `${to}/disclosures`, what)
  expect([status, body['state']]).toEqual([201, 'QUEUED'])
  return String(body['disclosureId'])
}

/** The ledger of one person, up to date. */
export async function ledgerOf(doors: Doors, to: string) {
  await doors.shown()
  return (await doors.read('auditor', `${to}/disclosures`)).body['items'] as readonly Readonly<Record<string, unknown>>[]
}

/** What a worker with a transport of its own does: answers what left. */
export async function dispatched(
  { w }: Doors,
  to: string,
  disclosureId: string,
  handOver: DisclosureTransport['handOver'] = () => Promise.resolve(),
  instead: Partial<Pick<Doors['w'], 'commands' | 'folds'>> = {},
): Promise<readonly string[]> {
  const left: string[] = []
  const transport: DisclosureTransport = {
    name: 'SPEC',
    handOver: async one => {
      await handOver(one)
      left.push(one.disclosureId)
    },
  }
  const work = { workId: disclosureId, stream: `person-${to.slice(9)}`, sourceEventId: randomUUID() }
  await dispatchDisclosure(work, { ...w, policies: new Policies(w.folds), transport, ...instead })
  return left
}
