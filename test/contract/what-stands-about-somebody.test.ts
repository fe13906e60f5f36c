import { aReferral, openDoors } from '../support/doors.js'
import { referredWith, sign } from '../support/sharing.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const tell = (url: string, body: object) => doors.tell('ips-worker', url, body)
const refusedFor = (code: string) => ({ status: 422, body: { code } })
const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const words = 'Perpetua’s own words.'
const someone = async () => `subjects/${String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef'])}`
async function fact(to: string, of: string, body: object): Promise<string> {
  const { status, body: answer } = await tell(`${to}/${of}`, { words, ...body })
  expect([of, status, answer['code']]).toEqual([of, 201, undefined])
  return String(answer['factId'])
}
const offender = async () => {
  const to = await referredWith(doors, { RSK: { summary: 'Known.' }, ENG: { attendance: 'ATTENDED' } })
  await fact(to, 'offender-status', { status: 'EX_OFFENDER', from: daysFromNow(-400) })
  return to
}
const caseOf = async (role: 'ips-worker' | 'back-office', to: string, purpose: string) => {
  await doors.shown()
  return (await doors.read(role, `${to}/case?purpose=${purpose}`)).body as unknown as { readonly facts: readonly Record<string, unknown>[] }
}

/** Something of the person, asked for by the precondition’s recipient: asked for again once it is over. */
const sharing = { confidentialityBasis: 'IMPLIED_DIRECT_CARE', necessity: 'It is needed.', method: 'SECURE_EMAIL' }
const toProbation = { ...sharing, recipient: 'OM-PROB', purpose: 'CJ_ORDER_REPORTING', categories: ['ENG'], fields: ['ENG.attendance'] }
const toPanel = (recipient: string) => ({
  ...sharing,
  recipient,
  purpose: 'MULTI_AGENCY_PANEL',
  categories: ['RSK'],
  fields: ['RSK.summary'],
  confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST',
})
const toPrison = { ...sharing, recipient: 'CJ-PRISON', purpose: 'CUSTODY_CONTINUITY', categories: ['RSK'], fields: ['RSK.summary'] }
const toSocialCare = { ...sharing, recipient: 'STC-ASC', purpose: 'SOCIAL_CARE_SUPPORT', categories: ['RSK'], fields: ['RSK.summary'] }

test('[C25] an offender manager is told while the order runs', async () => {
  const to = await offender()
  expect(await tell(`${to}/disclosures`, toProbation)).toMatchObject(refusedFor('NO_ACTIVE_CJ_ORDER'))
  const order = await fact(to, 'cj-orders', { from: daysFromNow(-30) })
  expect(await tell(`${to}/disclosures`, toProbation)).toMatchObject({ status: 201 })
  const end = { endedOn: daysFromNow(-2) }
  expect(await tell(`${to}/cj-orders/${order}/end`, end)).toMatchObject({ status: 200 })
  expect(await tell(`${to}/disclosures`, toProbation)).toMatchObject(refusedFor('NO_ACTIVE_CJ_ORDER'))
  expect(await tell(`${to}/cj-orders/${order}/end`, { endedOn: daysFromNow(-3) })).toMatchObject({
    status: 409,
    body: { code: 'FACT_ENDED' },
  })
})
test('[C25] what an order opened is looked at again before it is sent', async () => {
  const to = await offender()
  const order = await fact(to, 'cj-orders', { from: daysFromNow(-30) })
  const disclosure = String((await tell(`${to}/disclosures`, toProbation)).body['disclosureId'])
  expect((await tell(`${to}/cj-orders/${order}/end`, { endedOn: daysFromNow(-2) })).status).toBe(200)
  expect(await doors.tell('dpo', `${to}/disclosures/${disclosure}/authorisation`, { decision: 'AUTHORISED' })).toMatchObject({
    body: { code: 'NO_ACTIVE_CJ_ORDER' },
  })
})
test('[C25] a panel is told of those whom it lists', async () => {
  const to = await offender()
  expect(await tell(`${to}/disclosures`, toPanel('MARAC'))).toMatchObject(refusedFor('NOT_SUBJECT_TO_PANEL'))
  await fact(to, 'panel-listings', { panel: 'MARAC', from: daysFromNow(-3) })
  expect(await tell(`${to}/disclosures`, toPanel('MARAC'))).toMatchObject({ status: 201 })
  expect(await tell(`${to}/disclosures`, toPanel('MAPPA'))).toMatchObject(refusedFor('NOT_SUBJECT_TO_PANEL'))
})
test('[C29] a prison is told around custody', async () => {
  const to = await offender()
  await fact(to, 'custody-events', { step: 'RELEASED', from: daysFromNow(-120) })
  expect(await tell(`${to}/disclosures`, toPrison)).toMatchObject(refusedFor('NO_CUSTODY_TRIGGER'))
  await fact(to, 'custody-events', { step: 'INTO_CUSTODY', from: daysFromNow(20) })
  expect(await tell(`${to}/disclosures`, toPrison)).toMatchObject({ status: 201 })
})
test('[C28] social care is told of a risk that is on record, and no more once nobody is at risk', async () => {
  const to = await offender()
  expect(await tell(`${to}/disclosures`, toSocialCare)).toMatchObject(refusedFor('RISK_BASIS_MISSING'))
  await fact(to, 'serious-risk', { who: 'THEMSELVES', from: daysFromNow(-2) })
  expect(await tell(`${to}/disclosures`, toSocialCare)).toMatchObject({ status: 201 })
  await fact(to, 'serious-risk', { who: 'NOBODY', from: daysFromNow(-1) })
  expect(await tell(`${to}/disclosures`, toSocialCare)).toMatchObject(refusedFor('RISK_BASIS_MISSING'))
  const vulnerability = await fact(to, 'vulnerabilities', { from: daysFromNow(-1) })
  expect(await tell(`${to}/disclosures`, toSocialCare)).toMatchObject({ status: 201 })
  expect((await tell(`${to}/vulnerabilities/${vulnerability}/end`, { endedOn: daysFromNow(0) })).status).toBe(200)
})
test('[C34] CJIT is asked about and told of while an intervention runs', async () => {
  const to = await offender()
  const cjit = { recipient: 'CJIT', purpose: 'CJ_MONITORING', categories: ['HLT'] }
  expect(await sign(doors, to, cjit)).toMatchObject(refusedFor('CJ_INTERVENTION_NOT_ACTIVE'))
  await fact(to, 'cj-interventions', { from: daysFromNow(-10) })
  expect(await sign(doors, to, cjit)).toMatchObject({ status: 201 })
})
test('[C09] facts about offences are recorded of offenders', async () => {
  const to = await someone()
  const order = { from: daysFromNow(-3) }
  expect(await tell(`${to}/cj-orders`, order)).toMatchObject(refusedFor('CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS'))
  expect(await tell(`${to}/reoffending-risk`, { ...order, level: 'HIGH', words })).toMatchObject(
    refusedFor('CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS'),
  )
  expect(await doors.tell('back-office', `${to}/offender-status`, { ...order, status: 'OFFENDER' })).toMatchObject({ status: 403 })
})

test('[C21] anybody raises a concern; it holds an erasure up, and is closed', async () => {
  const to = await someone()
  const { status, body } = await doors.tell('auditor', `${to}/safeguarding-concerns`, { words })
  expect(status).toBe(201)
  const declined = { outcome: 'DECLINED', declinedBy: 'PERSON', channel: 'PHONE' }
  const wish = () => doors.tell('ips-worker', `${to}/service-wish`, declined)
  expect(await wish()).toMatchObject({ body: { code: 'ERASURE_DEFERRED_SAFEGUARDING' } })
  await doors.shown()
  const open = async () => {
    await doors.shown()
    expect((await doors.read('ips-worker', 'risks')).body).toMatchObject({ code: 'ROLE_NOT_PERMITTED' })
    const { items } = (await doors.read('team-leader', 'risks?concerns=OPEN&limit=100')).body as {
      readonly items: readonly { subjectRef: string }[]
    }
    return items.some(({ subjectRef }) => to.endsWith(subjectRef))
  }
  expect(await open()).toBe(true)
  const closing = `${to}/safeguarding-concerns/${String(body['factId'])}/closing`
  expect(await tell(closing, { outcome: 'UNFOUNDED', words })).toMatchObject({ status: 200 })
  expect(await open()).toBe(false)
  expect(await tell(closing, { outcome: 'UNFOUNDED' })).toMatchObject({ status: 409, body: { code: 'FACT_ENDED' } })
  expect(await wish()).toMatchObject({ status: 200 })
  // Of somebody who is erased by now.
  expect(await doors.tell('sysadmin', `${to}/safeguarding-concerns`, { words })).toMatchObject({ status: 201 })
})

test('[C37] facts and their words are shown to those who may see the category, for the purpose that it has', async () => {
  const to = await offender()
  const order = await fact(to, 'cj-orders', { from: daysFromNow(-3) })
  const risk = await fact(to, 'serious-risk', { who: 'OTHERS', from: daysFromNow(-3) })
  const kinds = async (role: 'ips-worker' | 'back-office', purpose: string) =>
    (await caseOf(role, to, purpose)).facts.map(({ kind }) => kind)
  expect(await kinds('ips-worker', 'RISK_MANAGEMENT')).toEqual(['OFFENDER_STATUS', 'CJ_ORDER', 'SERIOUS_RISK'])
  expect(await kinds('ips-worker', 'SERVICE_PROVISION')).toEqual(['SERIOUS_RISK'])
  expect(await kinds('back-office', 'SERVICE_PROVISION')).toEqual([])
  const read = (role: 'ips-worker' | 'back-office', id: string, purpose: string) =>
    doors.read(role, `${to}/facts/${id}/words?purpose=${purpose}`)
  expect(await read('ips-worker', order, 'RISK_MANAGEMENT')).toMatchObject({ status: 200, body: { kind: 'CJ_ORDER', words } })
  expect(await read('ips-worker', order, 'SERVICE_PROVISION')).toMatchObject({ status: 404 })
  expect(await read('back-office', risk, 'SERVICE_PROVISION')).toMatchObject({ status: 404 })
  expect(await read('ips-worker', risk, 'NO_SUCH')).toMatchObject({ body: { code: 'PURPOSE_NOT_REGISTERED' } })
  expect(await read('back-office', risk, 'HEALTHCARE')).toMatchObject({ body: { code: 'NO_NEED_TO_KNOW' } })
  const reads = []
  for await (const stored of doors.w.store.readAll({ after: 0n }))
    if (stored.type === 'RecordAccessed') reads.push(doors.w.codec.decode(stored).data)
  expect(reads).toContainEqual(expect.objectContaining({ subjectRef: to.slice('subjects/'.length), about: order, scopes: ['CRM'] }))
})

test('[C57] nobody contacts somebody who has died, until that is corrected', async () => {
  const to = await someone()
  expect(await tell(`${to}/death`, { diedOn: daysFromNow(2) })).toMatchObject({ body: { code: 'DAY_NOT_COME_YET' } })
  await fact(to, 'death', { diedOn: daysFromNow(-2) })
  const call = { channel: 'PHONE', about: 'PROGRESS', plannedFor: `${daysFromNow(2)}T10:00:00Z` }
  const died = { status: 409, body: { code: 'PERSON_HAS_DIED', clause: 'C57' } }
  expect(await tell(`${to}/contact-plans`, call)).toMatchObject(died)
  expect(await tell(`${to}/death`, { diedOn: daysFromNow(-2) })).toMatchObject(died)
  expect((await caseOf('back-office', to, 'SERVICE_PROVISION')).facts).toMatchObject([{ kind: 'DEATH', from: daysFromNow(-2) }])
  expect(await tell(`${to}/death/correction`, { words })).toMatchObject({ status: 200 })
  expect(await tell(`${to}/contact-plans`, call)).toMatchObject({ status: 201 })
})
