import { specFor } from '#decider/spec'
import { type Category, isSpecial } from '#event-kit/scope'
import { type PolicyEvent, RecipientMatrixPublished } from './events.js'
import { defaultPack } from './default-pack.js'
import { fieldSchemas } from './default-pack/field-schemas.js'
import { matrixRows } from './default-pack/matrix-rows.js'
import { policy, policyFacts } from './policy.js'

const published = specFor<typeof policy.initial, PolicyEvent>(policy).given(...Object.values(defaultPack).flat()).state
const inForce = policyFacts([published], '2026-11-02T10:00:00.000Z')

// What a job has to allow for goes where it was ticked; nobody reads health for employment support.
const isOpenFor = (purpose: string, category: Category) =>
  inForce.purposes.get(purpose)?.has(category) === true || (purpose === 'EMPLOYMENT_SUPPORT' && category === 'HLT')
const counted = 'ID.initials ID.dateOfBirth DEM-G.sex CON.postcodeDistrict'
const atWork = 'EMP.status EMP.since ENG.attendance ENG.lastContact OUT.jobStart OUT.jobEnd OUT.sustained'
const panel = 'ID.name ID.dateOfBirth CON.phone CON.address'
const told = 'HLT.summary HLT.substanceUse HLT.mentalHealth'
const inCustody = `${panel} ENG.attendance ENG.nextAppointment RSK.summary RSK.level`
const treated = 'HLT.substanceUse HLT.medication HLT.treatment'
const every = fieldSchemas.map(({ field }) => field).join(' ')
/** [C24] Everything that may leave, by recipient. What is not in this table does not. */
const leaves: Readonly<Record<string, string>> = {
  STARS:
    'ID.name ID.dateOfBirth ID.preferredName ID.nhsNumber CON.phone CON.address CON.email CON.emergencyContact '
    + 'EMP.status EMP.skills EMP.history EMP.goals EMP.jobTitle EMP.employer EMP.since ENG.attendance ENG.lastContact ENG.nextAppointment '
    + 'ENG.notes OUT.jobStart OUT.jobEnd OUT.jobTitle OUT.employer OUT.sustained HLT.summary HLT.substanceUse HLT.mentalHealth '
    + 'HLT.medication HLT.treatment RSK.summary RSK.level RSK.homeVisit',
  'POL-CRIME': `${panel} HLT.substanceUse RSK.summary RSK.level CRM.offences`,
  'POL-VICTIM': 'ID.name ID.dateOfBirth ENG.attendance HLT.mentalHealth HLT.counsellingNotes',
  'SOC-ABUSE': `${panel} CON.emergencyContact ${told} RSK.summary RSK.level SG.summary`,
  'MH-CRISIS':
    'ID.name ID.dateOfBirth ID.preferredName ID.nhsNumber CON.phone CON.address CON.emergencyContact '
    + `${told} HLT.medication HLT.treatment RSK.summary RSK.level`,
  'OM-PROB': 'ID.name ID.dateOfBirth ENG.attendance ENG.lastContact ENG.nextAppointment',
  MARAC: `${panel} ${told} RSK.summary RSK.level SG.summary CRM.offences`,
  MAPPA: `${panel} RSK.summary RSK.level RSK.homeVisit CRM.offences`,
  COURT: every,
  'LEGAL-OTHER': every,
  EMERG: `${panel} CON.emergencyContact ${told} HLT.medication RSK.summary RSK.level`,
  'STC-ASC': `${panel} ${told} RSK.summary RSK.level SG.summary`,
  'CJ-PRISON': `${inCustody} ${treated}`,
  'CJ-PROB': `${inCustody} ${treated}`,
  'CJ-COURT': inCustody,
  'CJ-POL': inCustody,
  NDTMS: `${counted} HLT.treatment HLT.substanceUse`,
  'NDTMS-IPS': `${counted} ${atWork}`,
  CJIT: `${counted} HLT.treatment CJ.intervention`,
  'DWP-JCP':
    'ID.name ID.dateOfBirth EMP.status EMP.since EMP.skills EMP.jobTitle EMP.employer ENG.attendance ENG.lastContact '
    + 'ENG.nextAppointment OUT.jobStart OUT.jobEnd OUT.sustained OUT.jobTitle OUT.employer HLT.workAdjustments',
  'PHE-RAW': `${counted} ${atWork} HLT.treatment`,
  RSC: '',
}

describe('[C24] what may leave by the default matrix', () => {
  test('every row is in the table', () => {
    expect(matrixRows.map(({ recipient }) => recipient).sort()).toEqual(Object.keys(leaves).sort())
  })
  test.each(matrixRows.map(row => [row.recipient, row] as const))('%s', (recipient, row) => {
    expect([...row.fields].sort()).toEqual((leaves[recipient] ?? '').split(' ').filter(Boolean).sort())
  })
  test('is something that can be recorded, and is of the categories of its row and its purpose', () => {
    for (const { recipient, fields, categories, purposes, minimum } of matrixRows) {
      expect([recipient, fields.filter(field => !inForce.fields.has(field))]).toEqual([recipient, []])
      for (const purpose of purposes)
        expect([recipient, purpose, categories.filter(one => !isOpenFor(purpose, one))]).toEqual([recipient, purpose, []])
      expect(fields).toEqual(expect.arrayContaining([...minimum]))
    }
  })
  test('a court and a body with a power get what their order or provision names, and nobody else gets everything', () => {
    expect(matrixRows.filter(({ fieldsNamedBy }) => fieldsNamedBy === 'REQUIREMENT').map(({ recipient }) => recipient)).toEqual([
      'COURT',
      'LEGAL-OTHER',
    ])
  })
  test('where a form decides, no NHS number goes, and to whoever counts no name', () => {
    for (const { recipient, fields, form } of matrixRows) {
      if (form !== 'NONE') expect([recipient, fields.includes('ID.nhsNumber')]).toEqual([recipient, false])
      if (['NDTMS', 'NDTMS-IPS', 'CJIT', 'PHE-RAW'].includes(recipient))
        expect([recipient, fields.includes('ID.name')]).toEqual([recipient, false])
    }
  })
})

describe('on what the rows of the default matrix rest', () => {
  const rows = matrixRows.filter(({ disputed }) => !disputed)
  test('[C08] each has a condition of Article 9: that somebody uses the service says something of their health', () => {
    expect(rows.filter(({ art9 }) => art9 === undefined).map(({ recipient }) => recipient)).toEqual([])
  })
  test.each(['MAPPA', 'MARAC', 'OM-PROB', 'MH-CRISIS', 'POL-CRIME', 'SOC-ABUSE'])('[C25] %s need not rest on a law', recipient => {
    const row = rows.find(one => one.recipient === recipient)
    expect(row?.art6.some(basis => basis === 'ea' || basis === 'f')).toBe(true)
  })
  test('[C61] a recognised interest names its condition, and the notice does not tell of it yet', () => {
    expect(rows.filter(({ art6, annex1 }) => art6.includes('ea') && annex1 === undefined)).toEqual([])
    expect(inForce.noticeNamesRecognisedInterests).toBe(false)
  })
  test('[C15] legitimate interests are assessed for each purpose, and no purpose besides', () => {
    for (const { recipient, art6, purposes } of rows)
      if (art6.includes('f')) expect([recipient, purposes.every(inForce.isAssessed)]).toEqual([recipient, true])
    expect(inForce.isAssessed('EMPLOYMENT_SUPPORT')).toBe(false)
  })
  test('[C20] a policy document for each purpose and condition, unless a competent authority is told', () => {
    const lacking = rows.filter(
      ({ needsPolicyDocument, competentAuthority, purposes, sch1 = '' }) =>
        needsPolicyDocument && !competentAuthority && !purposes.every(purpose => inForce.hasPolicyDocument(purpose, sch1)),
    )
    expect(lacking).toEqual([])
    expect(inForce.hasPolicyDocument('SAFEGUARDING', 'para-10')).toBe(false)
    expect(rows.filter(({ competentAuthority }) => competentAuthority).map(({ recipient }) => recipient)).toEqual([
      'POL-CRIME',
      'POL-VICTIM',
      'OM-PROB',
      'MAPPA',
    ])
  })
  test('sex needs no condition of Article 9', () => {
    expect(isSpecial('DEM-G' satisfies Category)).toBe(false)
  })
})

test('a matrix of before goes on, with the least that its rows can mean', () => {
  const {
    annex1: _,
    minimum: __,
    fieldsNamedBy: ___,
    competentAuthority: _4,
    protects: _5,
    ...old
  } = matrixRows.find(({ recipient }) => recipient === 'MAPPA')!
  const was = { ...old, precondition: 'PANEL', fields: [...old.fields, 'ID.nhsNumber'] }
  const upcast = RecipientMatrixPublished.previous?.upcast({ version: 'DEMO-1', effectiveFrom: '2020-01-01T00:00:00.000Z', rows: [was] })
  expect(upcast).toMatchObject({
    rows: [{ minimum: ['ID.name', 'ID.dateOfBirth'], fieldsNamedBy: 'MATRIX', competentAuthority: true, protects: true }],
  })
})
