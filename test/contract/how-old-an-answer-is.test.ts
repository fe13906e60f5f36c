import { aReferral, openDoors } from '../support/doors.js'

/** Nothing projects here but when it is told to: the worker stands still. */
let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

type Page = {
  readonly items: readonly { readonly subjectRef: string }[]
  readonly asOf: { readonly position: string; readonly at: string }
}
const queue = async () => (await doors.read('back-office', 'referrals')).body as unknown as Page
const refer = async () => (await doors.tell('back-office', 'referrals', aReferral)).body as { subjectRef: string; position: string }

test('a list that has had all of the log is as of now; one that has not says how old it is', async () => {
  const first = await refer()
  await doors.shown()
  const before = new Date().toISOString()
  const current = await queue()
  expect(current.items.map(({ subjectRef }) => subjectRef)).toContain(first.subjectRef)
  expect(current.asOf.at >= before).toBe(true)

  const second = await refer()
  const old = await queue()
  expect(old.items.map(({ subjectRef }) => subjectRef)).not.toContain(second.subjectRef)
  expect(BigInt(old.asOf.position)).toBeLessThan(BigInt(second.position))
  const [received] = await doors.history(`person-${second.subjectRef}`)
  expect(Date.parse(old.asOf.at)).toBeLessThanOrEqual(Date.parse(String(received?.meta.recordedAt)))
})
test('consent is never answered from a table that lags: a withdrawal is there at once', async () => {
  const { subjectRef } = await refer()
  const row = { recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP'], decision: 'YES' }
  const form = { formVersion: 'SCF-1', completedAt: '2026-11-21T10:00:00Z', method: 'WET_SIGNATURE', rows: [row] }
  expect(await doors.tell('ips-worker', `subjects/${subjectRef}/consent-forms`, form)).toMatchObject({ status: 201 })
  await doors.shown()
  const readCase = async () => (await doors.read('ips-worker', `subjects/${subjectRef}/case?purpose=SERVICE_PROVISION`)).body
  expect(await readCase()).toMatchObject({ complete: true, consents: [{ state: 'GIVEN' }] })
  await doors.tell('ips-worker', `subjects/${subjectRef}/consents/withdraw`, { all: true, channel: 'PHONE' })
  expect(await readCase()).toMatchObject({ complete: false, consents: [{ recipient: 'DWP-JCP', state: 'WITHDRAWN' }] })
})
