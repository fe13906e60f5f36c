import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())
const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString()

/** Somebody who could be accepted, were it not for what they say. */
async function wanted() {
  const about = `subjects/${String((await doors.tell('back-office', 'referrals', { ...aReferral, source: 'STARS' })).body['subjectRef'])}`
  await doors.tell('back-office', `${about}/service-wish`, { outcome: 'WANTED', channel: 'PHONE', saidAt: hourAgo() })
  const evidence = { evidenceType: 'STARS_LETTER', checkedAt: hourAgo(), outcome: 'CONFIRMED' }
  await doors.tell('back-office', `${about}/eligibility`, evidence)
  const objection = { channel: 'PHONE', receivedAt: hourAgo(), words: 'not on a computer' }
  const { status, body } = await doors.tell('sysadmin', `${about}/mis-storage-objections`, objection)
  expect(status).toBe(201)
  const objectionId = String(body['objectionId'])
  const of = (what: string, said: object) => doors.tell('ips-worker', `${about}/mis-storage-objections/${objectionId}/${what}`, said)
  return {
    about,
    objectionId,
    accept: () => doors.tell('team-leader', `${about}/acceptance`, {}),
    explain: () => of('explanation', { channel: 'PHONE', explainedAt: hourAgo() }),
    choose: (choice: string) => of('choice', { choice, channel: 'PHONE', saidAt: hourAgo(), words: 'as I said' }),
  }
}
async function listed(state: string) {
  await doors.shown()
  const { body } = await doors.read('team-leader', `mis-storage-objections?state=${state}`)
  return (body['items'] as readonly { readonly objectionId: string }[]).map(({ objectionId }) => objectionId)
}

test('[C41] no service begins for somebody who objects to storage, until they have been told and taken it back', async () => {
  const { objectionId, accept, explain, choose } = await wanted()
  expect(await accept()).toMatchObject({ status: 422, body: { code: 'MIS_STORAGE_REQUIRED' } })
  expect(await listed('OPEN')).toContain(objectionId)
  expect((await explain()).status).toBe(200)
  expect(await listed('EXPLAINED')).toContain(objectionId)
  expect((await choose('STAYS')).status).toBe(200)
  expect(await listed('STAYS')).toContain(objectionId)
  expect(await choose('LEAVES')).toMatchObject({ status: 409, body: { code: 'STORAGE_CHOSEN' } })
  expect((await accept()).status).toBe(200)
})
test('[C41] nor for somebody who stopped and comes back', async () => {
  const { about, accept, choose } = await wanted()
  await choose('STAYS')
  await accept()
  await doors.tell('team-leader', `${about}/episode/end`, { endedOn: new Date().toISOString().slice(0, 10), reason: 'COMPLETED' })
  await doors.tell('back-office', `${about}/mis-storage-objections`, { channel: 'PHONE', receivedAt: hourAgo() })
  expect(await doors.tell('team-leader', `${about}/episode/reopening`, {})).toMatchObject({
    status: 422,
    body: { code: 'MIS_STORAGE_REQUIRED' },
  })
})
test('[C41] whoever holds to it once they know what follows is to be erased, within a month of saying so', async () => {
  const { about, accept, explain, choose } = await wanted()
  expect(await choose('LEAVES')).toMatchObject({ status: 409, body: { code: 'STORAGE_NOT_EXPLAINED' } })
  await explain()
  expect(await choose('LEAVES')).toMatchObject({ status: 200, body: { due: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as unknown } })
  expect((await doors.history(about.replace('subjects/', 'person-'))).map(({ type }) => type)).toContain('ErasureRequested')
  expect(await accept()).toMatchObject({ status: 422, body: { code: 'MIS_STORAGE_REQUIRED' } })
})
