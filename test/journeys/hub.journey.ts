/** An incident: raised by a worker, kept from the team leader, read by its parties. API and worker run as processes. */
import { Standalone, hourAgo, referral } from '../support/standalone.js'

let s: Standalone
let at: string
let incidentId: string
let subjectRef: string
beforeAll(async () => {
  s = await Standalone.start()
}, 120_000)
afterAll(async () => {
  await s.end()
})

const words = 'Somebody was pushed on the stairs of the library.'
const done = (...asked: Parameters<Standalone['done']>) => s.done(...asked)
const items = async (role: Parameters<Standalone['get']>[0]) =>
  ((await s.get(role, '/incidents')).body['items'] as readonly { readonly incidentId: string }[]).map(one => one.incidentId)
const raising = (type: string) => ({ type, severity: 'SEVERE', occurredAt: hourAgo(), narrative: words })

test('[C39] a worker raises an incident, and says who was in it', async () => {
  subjectRef = String((await done('back-office', '/referrals', referral({ name: 'Peregrine Stott' })))['subjectRef'])
  incidentId = String((await done('ips-worker', '/incidents', raising('HEALTH_AND_SAFETY')))['incidentId'])
  at = `/incidents/${incidentId}`
  await done('ips-worker', `${at}/people`, { role: 'AFFECTED', subjectRef, words: 'She was pushed.' })
  expect(s.filesWith([words, 'She was pushed.'])).toEqual([])
})
test('[C40] the worker reads it; for their team leader there is none, no list counts it, and the party sees who asked', async () => {
  await s.until(
    () => s.get('ips-worker', '/incidents'),
    ({ text }) => text.includes(incidentId),
  )
  expect((await s.get('ips-worker', at)).body).toMatchObject({ narrative: words, people: [{ personRef: subjectRef }] })
  const [denied, nowhere] = [await s.get('team-leader', at), await s.get('team-leader', '/incidents/00000000-0000-4000-8000-00000000dead')]
  expect([denied.status, { ...denied.body, correlationId: '' }]).toEqual([404, { ...nowhere.body, correlationId: '' }])
  expect(await items('team-leader')).toEqual([])
  const access = await s.until(
    () => s.get('ips-worker', `${at}/access`),
    ({ body }) => (body['denied'] as readonly object[]).length > 0,
  )
  expect(access.body).toMatchObject({
    reads: [{ ground: 'PARTY', role: 'ips-worker' }],
    denied: [{ role: 'team-leader', command: 'Access', code: 'NOT_INTERESTED_PARTY' }],
  })
})
test('[C40] once the DPO lets the team leader in, there is one', async () => {
  const { staffRef } = (await s.get('team-leader', '/me')).body
  await done('dpo', `${at}/parties`, { staffRef })
  expect((await s.get('team-leader', at)).body).toMatchObject({ narrative: words })
  await s.until(
    () => s.get('team-leader', '/incidents'),
    ({ text }) => text.includes(incidentId),
  )
})
test('[C06] one about information is a breach to look at, for those who respond to breaches', async () => {
  const { breachId } = await done('back-office', '/incidents', raising('INFORMATION_GOVERNANCE'))
  const { body } = await s.until(
    () => s.get('breach-responder', `/breaches/${String(breachId)}`),
    ({ status }) => status === 200,
  )
  expect(body).toMatchObject({ breachId, state: 'REPORTED', kind: 'CONFIDENTIALITY' })
  expect(await items('breach-responder')).toEqual([])
})
test('[C64] whoever is erased is erased from it', async () => {
  const about = `/subjects/${subjectRef}/erasure-requests`
  const request = { channel: 'PHONE', receivedAt: hourAgo(), grounds: 'OBJECTION', words: 'please erase me' }
  const { requestId } = await done('ips-worker', about, request)
  const decision = { decision: 'APPROVED', consequenceExplainedAt: hourAgo(), reasons: 'She asked.' }
  await done('dpo', `${about}/${String(requestId)}/decision`, decision)
  const { body } = await s.until(
    () => s.get('ips-worker', at),
    ({ text }) => text.includes('"erased":true'),
  )
  expect(body).toMatchObject({ narrative: words, people: [{ role: 'AFFECTED', erased: true, words: [] }] })
})
