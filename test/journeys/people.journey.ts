/** A working day: somebody is taken on, written to and called, their worker leaves, the service ends. API and worker run as processes. */
import { londonDate } from '#calendar/statutory-periods'
import { Standalone, hourAgo, referral } from '../support/standalone.js'

let s: Standalone
let about: string
let subjectRef: string
beforeAll(async () => {
  s = await Standalone.start()
}, 120_000)
afterAll(async () => {
  await s.end()
})

const words = 'She asked after the bakery, and for her file to be deleted.'
const done = (...asked: Parameters<Standalone['done']>) => s.done(...asked)
const worker = async (subject: string) => String((await done('team-leader', '/staff', { subject, role: 'ips-worker' }))['staffRef'])
const inCaseload = async (query: string, state: string) =>
  s.until(
    () => s.get('team-leader', `/caseload?limit=100&${query}`),
    ({ body }) =>
      (body['items'] as readonly { subjectRef: string; state: string }[]).some(one => one.subjectRef === subjectRef && one.state === state),
  )

/** Somebody who was referred says that they want the service, and is accepted. */
async function takenOn(ref: string) {
  await done('back-office', `/subjects/${ref}/service-wish`, { outcome: 'WANTED', channel: 'PHONE', saidAt: hourAgo() })
  await done('back-office', `/subjects/${ref}/eligibility`, { evidenceType: 'STARS_LETTER', checkedAt: hourAgo(), outcome: 'CONFIRMED' })
  await done('team-leader', `/subjects/${ref}/acceptance`, {})
}
const caseOf = (ref: string) => s.get('team-leader', `/subjects/${ref}/case?purpose=SERVICE_PROVISION`)

test('[C01] somebody is taken on, and has a worker', async () => {
  subjectRef = String((await done('back-office', '/referrals', referral({ name: 'Peregrine Stott' })))['subjectRef'])
  about = `/subjects/${subjectRef}`
  await takenOn(subjectRef)
  await inCaseload('supported=NO', 'OPEN')
})
test('[C58] is called as they wish', async () => {
  await done('ips-worker', `${about}/contact-preferences`, { preferred: 'PHONE', refused: ['LETTER'], saidAt: hourAgo() })
  const plan = { plannedFor: new Date(Date.now() + 3_600_000).toISOString(), about: 'REMINDER' }
  const refused = await s.post('ips-worker', `${about}/contact-plans`, { ...plan, channel: 'LETTER' })
  expect([refused.status, refused.body['code']]).toEqual([422, 'CHANNEL_OPTED_OUT'])
  await done('ips-worker', `${about}/contact-plans`, { ...plan, channel: 'PHONE' })
})
test('[C60] what they wrote counts from its arrival', async () => {
  const { messageId } = await done('back-office', `${about}/messages`, { channel: 'EMAIL', receivedAt: '2026-11-23T12:00:00Z', words })
  const request = { grounds: 'OBJECTION', words }
  const handled = await done('ips-worker', `${about}/messages/${String(messageId)}/handling`, { as: 'ERASURE_REQUEST', request })
  expect(handled['due']).toBe('2026-12-23')
  expect(s.filesWith([words])).toEqual([])
})
test('[C48] their worker leaves, and somebody else supports them the same day', async () => {
  const [leaving, staying] = [await worker('worker-who-leaves'), await worker('worker-who-stays')]
  await done('team-leader', `${about}/episode/worker`, { workerId: leaving })
  await inCaseload(`worker=${leaving}`, 'OPEN')
  await done('team-leader', `/staff/${leaving}/leaving`, { handOverTo: staying })
  await inCaseload(`worker=${staying}`, 'OPEN')
})
test('[C52] the service ends, and what is held is kept for ten years from then', async () => {
  const endedOn = londonDate(new Date().toISOString())
  const { position } = await done('team-leader', `${about}/episode/end`, { endedOn, reason: 'COMPLETED' })
  const shown = await s.get('team-leader', `${about}/case?purpose=SERVICE_PROVISION&after=${String(position)}`)
  const inTenYears = `${Number(endedOn.slice(0, 4)) + 10}${endedOn.slice(4)}`
  expect(shown.body['retention']).toMatchObject({ endedOn, expires: inTenYears })
})
test('[C10][C52] they come back under another reference, and what was held of them is kept while they use the service', async () => {
  const again = { ...referral({ name: 'Peregrine Stott' }), samePersonAs: subjectRef }
  const back = String((await done('back-office', '/referrals', again))['subjectRef'])
  await s.until(
    () => caseOf(subjectRef),
    ({ body }) => (body['otherRecords'] as readonly string[]).includes(back),
  )
  await takenOn(back)
  const kept = await s.until(
    () => caseOf(subjectRef),
    ({ body }) => body['retention'] === undefined,
  )
  expect(kept.body['otherRecords']).toEqual([back])
  const { items } = (await s.get('team-leader', '/my-day')).body
  expect(items).toContainEqual(expect.objectContaining({ kind: 'WORKER', subjectRef: back }))
})
