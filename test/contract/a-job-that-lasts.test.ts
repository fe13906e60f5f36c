import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { londonDate } from '#calendar/statutory-periods'
import { erase } from '../support/people.js'
import type { SubjectRef } from '#kernel/id'
import { openDoors } from '../support/doors.js'
import { goodRequests } from '../support/good-requests.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const today = () => londonDate(new Date().toISOString())
/** By the calendar: an hour was put back or forward in between. */
const daysAgo = (days: number) => Temporal.PlainDate.from(today()).subtract({ days }).toString()
const job = { startedOn: daysAgo(92), employer: 'Nettlecombe Bakery', jobTitle: 'Packer' }
const jobFields = ['OUT.employer', 'OUT.jobStart', 'OUT.jobTitle', 'OUT.sustained']

/** The address of somebody who was accepted, and of their episode. */
async function accepted(): Promise<readonly [person: string, episode: string]> {
  const acceptance = await goodRequests(doors)['/v1/subjects/{subjectRef}/acceptance']?.()
  const { role = 'team-leader', url = '', body = {} } = acceptance ?? {}
  expect((await doors.tell(role, url, body)).status).toBe(200)
  const person = url.replace('/acceptance', '')
  return [person, `${person}/episode`]
}
const shownTo = async (person: string) => {
  await doors.shown()
  return (await doors.read('team-leader', `${person}/case?purpose=EMPLOYMENT_SUPPORT`)).body
}
const tell = async (url: string, body: object) => {
  const { status, body: answer } = await doors.tell('ips-worker', url, body)
  return { status, ...answer } as { readonly status: number } & Readonly<Record<string, unknown>>
}

test('[C01] from the acceptance to the end of the service, the case view shows the episode', async () => {
  const [person, episode] = await accepted()
  const workerId = (await doors.read('ips-worker', 'me')).body['staffRef']
  expect(await tell(`${episode}/worker`, { workerId })).toMatchObject({ status: 200 })
  const spoken = { channel: 'PHONE', outcome: 'OFFER', contactedAt: new Date().toISOString(), employer: 'Nettlecombe Bakery' }
  expect(await tell(`${episode}/employer-contacts`, spoken)).toMatchObject({ status: 201 })
  const { jobId } = await tell(`${episode}/jobs`, job)
  expect(await tell(`${episode}/jobs/${String(jobId)}/sustained`, { shownBy: 'EMPLOYER' })).toMatchObject({ status: 200 })
  expect(await tell(`${episode}/jobs/${String(jobId)}/end`, { endedOn: today(), reason: 'RESIGNED' })).toMatchObject({ status: 200 })
  expect(await tell(`${episode}/end`, { endedOn: today(), reason: 'COMPLETED' })).toMatchObject({ status: 200 })
  expect(await shownTo(person)).toMatchObject({
    episode: {
      state: 'ENDED',
      serviceArea: 'GATESHEAD',
      worker: workerId,
      jobs: [{ jobId, startedOn: job.startedOn, endedOn: today(), sustainedOn: daysAgo(1) }],
      endedOn: today(),
    },
    fields: { 'OUT.employer': job.employer, 'OUT.jobTitle': job.jobTitle, 'OUT.jobStart': job.startedOn, 'OUT.sustained': true },
  })
  expect(await tell(`${episode}/jobs`, job)).toMatchObject({ status: 409, code: 'EPISODE_NOT_OPEN', clause: 'C01' })
  expect(await tell(`${episode}/reopening`, {})).toMatchObject({ status: 200 })
  expect((await shownTo(person))['episode']).toMatchObject({ state: 'OPEN' })
})
test('[C51][C52] from the last day on data is kept for ten years, unless the person comes back', async () => {
  const [person, episode] = await accepted()
  expect(await shownTo(person)).not.toHaveProperty('retention')
  await tell(`${episode}/end`, { endedOn: today(), reason: 'OWN_WISH' })
  const inTenYears = Temporal.PlainDate.from(today()).add({ years: 10 }).toString()
  expect((await shownTo(person))['retention']).toEqual({ endedOn: today(), expires: inTenYears, retentionVersion: 'DEMO-1' })
  await tell(`${episode}/reopening`, {})
  expect(await shownTo(person)).not.toHaveProperty('retention')
})
test('[C17] an erasure of everything closes the episode, and nothing of it is recorded any more', async () => {
  const [person, episode] = await accepted()
  await tell(`${episode}/end`, { endedOn: today(), reason: 'OWN_WISH' })
  await erase(doors.w, person.slice('subjects/'.length) as SubjectRef)
  const shown = await shownTo(person)
  expect(shown['episode']).toMatchObject({ state: 'CLOSED' })
  expect(shown).not.toHaveProperty('retention')
  expect(await tell(`${episode}/reopening`, {})).toMatchObject({ status: 409, code: 'SUBJECT_ERASED' })
})
test('what is refused says why, and at which field', async () => {
  const [, episode] = await accepted()
  const { jobId } = await tell(`${episode}/jobs`, { ...job, startedOn: daysAgo(90) })
  const itself = `${episode}/jobs/${String(jobId)}`
  expect(await tell(`${itself}/sustained`, { shownBy: 'EMPLOYER' })).toMatchObject({ status: 409, code: 'JOB_NOT_SUSTAINED' })
  expect(await tell(`${itself}/end`, { endedOn: daysAgo(91), reason: 'OTHER' })).toMatchObject({
    code: 'DAYS_OUT_OF_ORDER',
    field: 'endedOn',
  })
  expect(await tell(`${itself}/end`, { endedOn: daysAgo(-2), reason: 'OTHER' })).toMatchObject({
    code: 'DAY_NOT_COME_YET',
    field: 'endedOn',
  })
  expect(await tell(`${episode}/jobs`, { ...job, startedOn: daysAgo(-2) })).toMatchObject({ code: 'DAY_NOT_COME_YET', field: 'startedOn' })
  expect(await tell(`${episode}/worker`, { workerId: randomUUID() })).toMatchObject({ code: 'WORKER_NOT_REGISTERED', field: 'workerId' })
})
test('[C36] what is on record of a job goes to the Jobcentre where the person has consented to outcomes, and not before', async () => {
  const [person, episode] = await accepted()
  const { jobId } = await tell(`${episode}/jobs`, job)
  await tell(`${episode}/jobs/${String(jobId)}/sustained`, { shownBy: 'EMPLOYER' })
  const share = () =>
    tell(`${person}/disclosures`, {
      recipient: 'DWP-JCP',
      purpose: 'EMPLOYMENT_SUPPORT',
      categories: ['OUT'],
      fields: jobFields,
      confidentialityBasis: 'CONSENT',
      notification: { decision: 'INFORM_BEFORE' },
      necessity: 'To tell the Jobcentre of the new job.',
      method: 'SECURE_EMAIL',
    })
  expect(await share()).toMatchObject({ status: 422, code: 'CONSENT_NOT_GRANTED' })
  const rows = [{ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['OUT'], decision: 'YES' }]
  await tell(`${person}/consent-forms`, { formVersion: 'SCF-1', completedAt: new Date().toISOString(), method: 'E_SIGNATURE', rows })
  expect(await share()).toMatchObject({ status: 201, state: 'QUEUED' })
})
test('[C64] an erasure takes what was on record of jobs', async () => {
  const [person, episode] = await accepted()
  await tell(`${episode}/jobs`, job)
  await erase(doors.w, person.slice('subjects/'.length) as SubjectRef)
  const { fields } = await shownTo(person)
  for (const field of ['OUT.employer', 'OUT.jobTitle', 'OUT.jobStart'])
    expect([field, (fields as Readonly<Record<string, unknown>>)[field]]).toEqual([field, expect.objectContaining({ erased: true })])
})
describe('[C01] the caseload', () => {
  const inCaseload = async (person: string, role: 'ips-worker' | 'team-leader' = 'team-leader', list = 'caseload?limit=100') => {
    await doors.shown()
    const { body } = await doors.read(role, list)
    return (body['items'] as readonly Readonly<Record<string, unknown>>[]).find(({ subjectRef }) => person.endsWith(String(subjectRef)))
  }
  test('says who is supported by whom, and of whom thirteen weeks are due', async () => {
    const [person, episode] = await accepted()
    expect(await inCaseload(person)).toMatchObject({ state: 'OPEN', serviceArea: 'GATESHEAD', jobs: 0, working: false })
    const { staffRef } = (await doors.read('ips-worker', 'me')).body
    await tell(`${episode}/worker`, { workerId: staffRef })
    const spoken = { channel: 'PHONE', outcome: 'OFFER', contactedAt: '2026-11-02T10:00:00.000Z', employer: 'Nettlecombe Bakery' }
    await tell(`${episode}/employer-contacts`, spoken)
    await tell(`${episode}/employer-contacts`, { ...spoken, contactedAt: '2026-11-01T10:00:00.000Z' })
    const { jobId } = await tell(`${episode}/jobs`, job)
    const supported = { worker: staffRef, employersLastContactedAt: spoken.contactedAt, jobs: 1, working: true }
    expect(await inCaseload(person)).toMatchObject({ ...supported, sustainedFrom: daysAgo(1) })
    await tell(`${episode}/jobs/${String(jobId)}/sustained`, { shownBy: 'PAYSLIP' })
    expect(await inCaseload(person)).toMatchObject(supported)
    expect(await inCaseload(person)).not.toHaveProperty('sustainedFrom')
  })
  test('of one’s own holds nobody else', async () => {
    const [[own, episode], [other, another]] = [await accepted(), await accepted()]
    const { staffRef } = (await doors.read('ips-worker', 'me')).body
    await tell(`${episode}/worker`, { workerId: staffRef })
    await tell(`${another}/worker`, {
      workerId: (await doors.tell('team-leader', 'staff', { subject: randomUUID(), role: 'ips-worker' })).body['staffRef'],
    })
    expect(await inCaseload(own, 'ips-worker', 'caseload/mine?limit=100')).toBeDefined()
    expect(await inCaseload(other, 'ips-worker', 'caseload/mine?limit=100')).toBeUndefined()
    expect(await inCaseload(other)).toBeDefined()
  })
  test('holds nobody who was erased', async () => {
    const [person] = await accepted()
    expect(await inCaseload(person)).toBeDefined()
    await erase(doors.w, person.slice('subjects/'.length) as SubjectRef)
    expect(await inCaseload(person)).toBeUndefined()
  })
})
