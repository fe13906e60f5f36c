import { randomUUID } from 'node:crypto'
import type { SubjectRef } from '#kernel/id'
import { carryOutTriage, triageBegunBy } from '#processes/breach-triage'
import { carryOutHubErasure, hubErasureBegunBy } from '#processes/hub-erasure'
import { everyIncident } from '#read-models/hub-register/queries'
import { aReferral, openDoors } from '../support/doors.js'
import { erase } from '../support/people.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeEach(async () => {
  doors = await openDoors()
})
afterEach(() => doors.close())

const raising = (type: string, more: object = {}) => ({
  type,
  severity: 'LOW',
  occurredAt: new Date(Date.now() - 3_600_000).toISOString(),
  narrative: 'A list lay on the printer.',
  ...more,
})
async function raised(type: string, more: object = {}) {
  const { status, body } = await doors.tell('team-leader', 'incidents', raising(type, more))
  if (status !== 201) throw new Error(JSON.stringify(body))
  return { incidentId: String(body['incidentId']), at: `incidents/${String(body['incidentId'])}`, breachId: body['breachId'] }
}
const person = async () => String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef']) as SubjectRef
const involved = async (at: string, said: object) => {
  const { status, body } = await doors.tell('team-leader', `${at}/people`, { role: 'AFFECTED', ...said })
  if (status !== 200) throw new Error(JSON.stringify(body))
}
const people = async (at: string) => (await doors.read('team-leader', at)).body['people'] as readonly Readonly<Record<string, unknown>>[]

/** What the worker does of these processes with all that is in the log, twice. */
async function worked() {
  const { w } = doors
  const parts = { ...w, assertOwnLog: () => Promise.resolve(), incidents: (at: bigint) => everyIncident(w.sql, w.readModels, at) }
  for (let again = 0; again < 2; again++) {
    await doors.shown()
    for await (const stored of w.store.readAll()) {
      const event = w.codec.decode(stored)
      const [triage, erasure] = [triageBegunBy(event), hubErasureBegunBy(event)]
      if (triage) await carryOutTriage(triage, parts)
      if (erasure) {
        await doors.shown()
        await carryOutHubErasure(erasure, parts)
      }
    }
  }
  await doors.shown()
}

test('[C06] [C39] an incident about information opens the triage of a breach, once, which says nothing of the incident', async () => {
  const { incidentId, at, breachId } = await raised('INFORMATION_GOVERNANCE', { breachKind: 'AVAILABILITY' })
  expect((await raised('SAFEGUARDING')).breachId).toBeUndefined()
  await worked()
  const { body } = await doors.read('breach-responder', 'breaches')
  expect(body['items']).toEqual([expect.objectContaining({ breachId, kind: 'AVAILABILITY', state: 'REPORTED' })])
  const history = await doors.history(`breach-${String(breachId)}`)
  expect(history.map(({ type }) => type)).toEqual(['BreachKeyCreated', 'BreachReported'])
  const raise = (await doors.history(`incident-${incidentId}`)).find(({ type }) => type === 'HubIncidentRaised')
  const told = JSON.stringify(history.map(({ metadata, data }) => [metadata, { ...(data as object), summary: '' }]))
  for (const one of [incidentId, String(raise?.meta.eventId), 'ncident']) expect(told).not.toContain(one)
  expect((await doors.read('breach-responder', `breaches/${String(breachId)}`)).body['summary']).not.toMatch(/incident|hub/i)
  expect((await doors.read('team-leader', at)).body['breachId']).toBe(breachId)
})
test('[C64] whoever is erased is erased from every incident that they were in, and nobody else is; their keys are gone', async () => {
  const [gone, stays] = [await person(), await person()]
  const [first, second] = [await raised('SAFEGUARDING'), await raised('HEALTH_AND_SAFETY')]
  for (const { at } of [first, second]) await involved(at, { subjectRef: gone, words: 'She was there.' })
  await involved(first.at, { subjectRef: stays, words: 'He saw it.' })
  await worked()
  expect((await people(first.at)).map(({ personRef }) => personRef)).toEqual([gone, stays])
  await erase(doors.w, gone)
  await worked()
  const erased = { involvementId: expect.any(String) as unknown, role: 'AFFECTED', erased: true, words: [] }
  expect(await people(second.at)).toEqual([erased])
  expect(await people(first.at)).toEqual([erased, expect.objectContaining({ personRef: stays, words: ['He saw it.'] })])
  expect((await doors.read('team-leader', first.at)).body['narrative']).toBe('A list lay on the printer.')
  for (const { incidentId } of [first, second]) {
    const destroyed = (await doors.history(`incident-${incidentId}`)).filter(({ type }) => type === 'InvolvementKeysDestroyed')
    expect(destroyed).toHaveLength(1)
    const { involvementId, kids } = destroyed[0]?.data as { readonly involvementId: string; readonly kids: readonly string[] }
    expect(kids).toHaveLength(2)
    expect(await doors.w.keys.remaining(involvementId, kids, [])).toEqual({ keys: 0, indexRows: 0 })
  }
})
test('[C64] whoever was erased is not taken into an incident any more', async () => {
  const gone = await person()
  const { at } = await raised('SAFEGUARDING')
  await erase(doors.w, gone)
  const told = await doors.tell('team-leader', `${at}/people`, { role: 'WITNESS', subjectRef: gone })
  expect(told).toMatchObject({ status: 409, body: { code: 'SUBJECT_ERASED' } })
})
test('[C39] one in which somebody died is raised beside their record, which it does not touch: a death is recorded there', async () => {
  const subjectRef = await person()
  const { at } = await raised('DEATH_IN_SERVICE')
  await involved(at, { subjectRef })
  await worked()
  expect(JSON.stringify((await doors.history(`person-${subjectRef}`)).map(({ type }) => type))).not.toContain('Death')
  const died = { diedOn: '2026-11-20' }
  const told = await doors.tell('ips-worker', `subjects/${subjectRef}/death`, died, { key: randomUUID() })
  expect(Math.floor(told.status / 100)).toBe(2)
})
