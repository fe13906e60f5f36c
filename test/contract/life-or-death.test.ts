import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

async function referred() {
  const { body } = await doors.tell('back-office', 'referrals', aReferral)
  return `subjects/${String(body['subjectRef'])}`
}
const share = (to: string, change: object) =>
  doors.tell('ips-worker', `${to}/disclosures`, {
    categories: ['ID'],
    fields: ['ID.name'],
    confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST',
    necessity: 'Somebody has to go there now.',
    method: 'PHONE',
    ...change,
  })

describe('[C26] where somebody is in danger', () => {
  const toSocialCare = { recipient: 'STC-ASC', purpose: 'SOCIAL_CARE_SUPPORT' }
  test('social care is told at once, and what was missing is reviewed', async () => {
    const to = await referred()
    expect(await share(to, { ...toSocialCare, urgency: 'IMMEDIATE' })).toMatchObject({ status: 201, body: { state: 'SENT' } })
    await doors.shown()
    expect((await doors.read('dpo', `${to}/disclosures`)).body['items']).toMatchObject([
      { recipient: 'STC-ASC', reviewItems: ['RISK_BASIS_MISSING', 'APPROVAL_TEAM_LEADER'] },
    ])
  })
  test('what can wait is judged by the rules', async () => {
    expect(await share(await referred(), toSocialCare)).toMatchObject({ status: 422, body: { code: 'RISK_BASIS_MISSING' } })
  })
  test('the emergency services are in the matrix', async () => {
    const to = await referred()
    expect(await share(to, { recipient: 'EMERG', purpose: 'LIFE_SAVING', urgency: 'IMMEDIATE' })).toMatchObject({ status: 201 })
    await doors.shown()
    expect((await doors.read('dpo', `${to}/disclosures`)).body['items']).toMatchObject([
      { basis: { art6: 'd', art9: '9-2-c' }, notification: { decision: 'INFORM_AFTER' } },
    ])
  })
})
