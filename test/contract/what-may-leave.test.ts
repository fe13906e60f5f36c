import { accept } from '#kernel/result'
import { NoticeVersionPublished } from '#policy/events'
import { policy } from '#policy/policy'
import { type Answer, aReferral, openDoors } from '../support/doors.js'
import { facts } from '../support/world.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const said = ({ status, body }: Answer) => [status, body['code'] ?? body['state']]
const record = {
  ID: { initials: 'OT' },
  CON: { postcodeDistrict: 'NE33' },
  'DEM-G': { sex: 'FEMALE' },
  EMP: { status: 'UNEMPLOYED', goals: 'would like to work with animals' },
  ENG: { notes: 'came late, and was tired', attendance: 'ATTENDED' },
  HLT: {
    treatment: 'sees a key worker',
    summary: 'sleeps badly',
    workAdjustments: 'HOURS',
    counsellingNotes: 'what was said in confidence',
  },
}
/** Each of another birthday, for nobody is referred twice. */
let born = 0
async function known() {
  const dateOfBirth = `1986-02-${String(++born).padStart(2, '0')}`
  const { body } = await doors.tell('back-office', 'referrals', { ...aReferral, person: { name: 'Ottilie Thackeray', dateOfBirth } })
  const to = `subjects/${String(body['subjectRef'])}`
  for (const [category, items] of Object.entries(record))
    expect(await doors.tell('ips-worker', `${to}/details`, { category, items, provenance: 'PERSON' })).toMatchObject({ status: 200 })
  return to
}
const sign = async (to: string, recipient: string, purpose: string, ...categories: string[]) =>
  expect(
    await doors.tell('ips-worker', `${to}/consent-forms`, {
      formVersion: 'SCF-1',
      completedAt: '2026-11-20T10:00:00Z',
      method: 'WET_SIGNATURE',
      rows: [{ recipient, purpose, categories, decision: 'YES' }],
    }),
  ).toMatchObject({ status: 201 })
const share = (to: string, change: object, ...fields: string[]) =>
  doors.tell('ips-worker', `${to}/disclosures`, {
    categories: [...new Set(fields.map(field => field.slice(0, field.indexOf('.'))))],
    fields,
    confidentialityBasis: 'CONSENT',
    necessity: 'To plan the next step.',
    method: 'SECURE_EMAIL',
    ...change,
  })
const decide = (role: Parameters<typeof doors.tell>[0], to: string, { body }: Answer) =>
  doors.tell(role, `${to}/disclosures/${String(body['disclosureId'])}/authorisation`, { decision: 'AUTHORISED' })
const ledgerOf = async (to: string) => {
  await doors.shown()
  return (await doors.read('dpo', `${to}/disclosures`)).body['items'] as readonly Record<string, unknown>[]
}

const exceeded = [422, 'MINIMUM_NECESSARY_EXCEEDED']

describe('[C24] the default matrix lets go what is needed', () => {
  test('the Jobcentre gets what was ticked, and no NHS number and no notes', async () => {
    const toDwp = { recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT' }
    const to = await known()
    await sign(to, 'DWP-JCP', 'EMPLOYMENT_SUPPORT', 'EMP', 'ENG', 'HLT')
    for (const field of ['ENG.notes', 'EMP.goals', 'HLT.summary', 'ID.initials', 'ID.nhsNumber'])
      expect([field, said(await share(to, toDwp, field))]).toEqual([field, exceeded])
    expect(said(await share(to, toDwp, 'ID.name', 'ID.dateOfBirth', 'EMP.status', 'ENG.attendance', 'HLT.workAdjustments'))).toEqual([
      201,
      'QUEUED',
    ])
  })
  test('the monitoring system gets initials and no name', async () => {
    const toNdtms = { recipient: 'NDTMS', purpose: 'TREATMENT_MONITORING' }
    const to = await known()
    await sign(to, 'NDTMS', 'TREATMENT_MONITORING', 'HLT')
    for (const field of ['ID.name', 'ID.nhsNumber', 'EMP.status', 'HLT.summary'])
      expect([field, (await share(to, toNdtms, field)).status]).toEqual([field, 422])
    const counted = ['ID.initials', 'ID.dateOfBirth', 'DEM-G.sex', 'CON.postcodeDistrict', 'HLT.treatment']
    expect(said(await share(to, toNdtms, ...counted))).toEqual([201, 'QUEUED'])
  })
  test('a court gets what its order names, and that is on record with it', async () => {
    const to = await known()
    const toCourt = {
      recipient: 'COURT',
      purpose: 'COURT_ORDER',
      confidentialityBasis: 'LEGAL_DUTY',
      orderReference: 'summons in Re Thackeray',
    }
    expect(said(await share(to, toCourt, 'ID.name'))).toEqual(exceeded)
    expect(said(await share(to, { ...toCourt, requiredFields: ['ID.name'] }, 'ID.name', 'HLT.summary'))).toEqual(exceeded)
    const asked = await share(to, { ...toCourt, requiredFields: ['ID.name'] }, 'ID.name')
    expect(said(asked)).toEqual([201, 'REQUESTED'])
    expect((await doors.history(`person-${to.slice(9)}`)).at(-1)).toMatchObject({ data: { requiredFields: ['ID.name'] } })
    expect(said(await decide('dpo', to, asked))).toEqual([200, 'QUEUED'])
  })
})

const toPolice = {
  recipient: 'POL-CRIME',
  purpose: 'CRIME_REPORT',
  confidentialityBasis: 'LEGAL_DUTY',
  legalProvision: { instrument: 'ACT', title: 'Road Traffic Act', year: 1988, provision: 's.170' },
}

describe('[C23] a withholding', () => {
  const withhold = (notification: object) => ({ ...toPolice, notification: { decision: 'WITHHOLD', ...notification } })
  test('is approved by a command, and never in the request', async () => {
    const to = await known()
    const answer = await share(to, withhold({ exemption: 'SCH2-2', approver: 'dpo' }), 'ID.name')
    expect([answer.status, answer.body['field']]).toEqual([400, 'notification.approver'])
    expect(JSON.stringify(answer.body)).toContain('authorisation')
    expect(await ledgerOf(to)).toEqual([])
  })
  test('names an exemption that is on the list', async () => {
    const to = await known()
    for (const exemption of ['X1', undefined])
      expect(said(await share(to, withhold({ exemption }), 'ID.name'))).toEqual([422, 'WITHHOLD_WITHOUT_EXEMPTION'])
  })
  test('waits for whoever may approve one, who did not ask', async () => {
    const to = await known()
    const asked = await share(to, withhold({ exemption: 'SCH2-2' }), 'ID.name')
    expect(said(asked)).toEqual([201, 'REQUESTED'])
    expect(said(await decide('team-leader', to, asked))).toEqual([403, 'ROLE_NOT_PERMITTED'])
    expect(said(await decide('caldicott', to, asked))).toEqual([200, 'QUEUED'])
    expect(await ledgerOf(to)).toMatchObject([{ notification: { exemption: 'SCH2-2', exemptions: 'DEMO-2' }, authorisedRole: 'caldicott' }])
  })
  test('that is immediate goes, and is reviewed', async () => {
    const to = await known()
    expect(said(await share(to, { ...withhold({ exemption: 'SCH2-2' }), urgency: 'IMMEDIATE' }, 'ID.name'))).toEqual([201, 'QUEUED'])
    expect(await ledgerOf(to)).toMatchObject([{ reviewItems: ['APPROVAL_DPO', 'APPROVAL_WITHHELD'] }])
  })
})

describe('[C22] the law', () => {
  test.each<[string, object]>([
    ['act', { title: 'act' }],
    ['section', { title: 'section' }],
    ['law of 2026', { title: 'law', year: 2026, provision: 'of 2026' }],
    ['a year that is none', { year: 88 }],
    ['no place in it', { provision: '170' }],
  ])('“%s” is no citation', async (_, change) => {
    const to = await known()
    const answer = await share(to, { ...toPolice, legalProvision: { ...toPolice.legalProvision, ...change } }, 'ID.name')
    expect(said(answer)).toEqual([422, 'LEGAL_PROVISION_MISSING'])
  })
  test('in words is 400, and cited it stands in the ledger', async () => {
    const to = await known()
    expect(said(await share(to, { ...toPolice, legalProvision: 'Road Traffic Act 1988 s.170' }, 'ID.name'))).toEqual([
      400,
      'INVALID_REQUEST',
    ])
    expect(said(await share(to, toPolice, 'ID.name'))).toEqual([201, 'REQUESTED'])
    expect(await ledgerOf(to)).toMatchObject([{ basis: { art6: 'c', provision: 'Road Traffic Act 1988 s.170' } }])
  })
})

describe('[C61] a recognised legitimate interest', () => {
  const onInterest = { ...toPolice, legalProvision: undefined, confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST' }
  test('waits for a notice that tells of it, unless it cannot wait', async () => {
    const to = await known()
    expect(said(await share(to, onInterest, 'ID.name'))).toEqual([422, 'NOTICE_NOT_UPDATED'])
    expect(said(await share(to, { ...onInterest, urgency: 'IMMEDIATE' }, 'ID.name'))).toEqual([201, 'QUEUED'])
    expect(await ledgerOf(to)).toMatchObject([{ reviewItems: ['NOTICE_NOT_UPDATED', 'APPROVAL_DPO'] }])
    const notice = NoticeVersionPublished.of({
      version: 'N-2',
      effectiveFrom: '2026-01-01T00:00:00.000Z',
      title: 'A notice that tells of it',
      bases: ['a', 'c', 'd', 'ea', 'f'],
    })
    await doors.w.commands.execute({ aggregate: policy, id: 'notice', facts: facts(), decide: () => accept([notice]) })
    expect(said(await share(to, onInterest, 'ID.name'))).toEqual([201, 'REQUESTED'])
    expect((await doors.history(`person-${to.slice(9)}`)).at(-1)).toMatchObject({ data: { basis: { art6: 'ea', annex1: 'para-5' } } })
  })
})

describe('[C25] what the police ask of a victim', () => {
  const asked = { reason: 'an inquiry into an assault', from: '2026-01-01', until: '2026-02-01', form: 'VIR-1' }
  const ask = (to: string, victimRequest: object | undefined, ...fields: string[]) =>
    share(
      to,
      { recipient: 'POL-VICTIM', purpose: 'VICTIM_INFORMATION', confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST', victimRequest },
      ...fields,
    )
  test('is asked in writing, with reason, period and form', async () => {
    const to = await known()
    for (const part of [undefined, ...Object.keys(asked)]) {
      const lacking = part === undefined ? undefined : { ...asked, [part]: undefined }
      expect([part, ...said(await ask(to, lacking, 'ENG.attendance'))]).toEqual([part, 422, 'VICTIM_REQUEST_INCOMPLETE'])
    }
    const waits = await ask(to, asked, 'ENG.attendance')
    expect(said(waits)).toEqual([201, 'REQUESTED'])
    expect((await doors.read('dpo', `${to}/disclosures/${String(waits.body['disclosureId'])}/words`)).body).toMatchObject({
      victimReason: asked.reason,
      victimForm: asked.form,
    })
  })
  test('counselling notes go only for their substantial probative value', async () => {
    const to = await known()
    const notes = 'HLT.counsellingNotes'
    expect(said(await ask(to, asked, notes))).toEqual([422, 'VICTIM_REQUEST_INCOMPLETE'])
    expect(said(await ask(to, { ...asked, probativeValue: 'nobody else was there' }, notes))).toEqual([201, 'REQUESTED'])
  })
})
