import { newId } from '#commands/ids'
import { asAdmin } from '../support/database.js'
import { openDoors } from '../support/doors.js'
import { carriedOut } from '../support/people.js'
import { referredWith } from '../support/sharing.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const words = { necessity: 'Calliope Undershaft asked for help with her tablets.', recipientContact: 'Dr Ignatius Farthingale' }
const known = () => referredWith(doors, { EMP: { status: 'EMPLOYED' }, HLT: { summary: 'sleeps badly' } })
async function asks(to: string, change: object = {}, staff?: string) {
  const { status, body } = await doors.tell(
    staff === undefined ? 'ips-worker' : 'team-leader',
    `${to}/disclosures`,
    {
      recipient: 'STARS',
      purpose: 'JOINT_CARE',
      categories: ['EMP'],
      fields: ['EMP.status'],
      confidentialityBasis: 'IMPLIED_DIRECT_CARE',
      method: 'SECURE_EMAIL',
      ...words,
      ...change,
    },
    staff === undefined ? {} : { staff },
  )
  expect([status, body['state']]).toEqual([201, 'REQUESTED'])
  return String(body['disclosureId'])
}
const withHealth = { categories: ['HLT'], fields: ['HLT.summary'] }
const toCourt = {
  recipient: 'COURT',
  purpose: 'COURT_ORDER',
  categories: ['ID'],
  fields: ['ID.name'],
  confidentialityBasis: 'LEGAL_DUTY',
  orderReference: 'Undershaft v Undershaft, 17 of this term',
  requiredFields: ['ID.name'],
}
const erase = (to: string, more: object = {}) =>
  doors.tell('back-office', `${to}/erasure-requests`, {
    channel: 'LETTER',
    receivedAt: '2026-11-21T10:00:00Z',
    grounds: 'NO_LONGER_NECESSARY',
    words: 'Please forget that I was ever there.',
    ...more,
  })
async function allErased(to: string) {
  const requestId = String((await erase(to)).body['requestId'])
  const decision = { decision: 'APPROVED', consequenceExplainedAt: '2026-11-21T11:00:00Z' }
  expect(await doors.tell('dpo', `${to}/erasure-requests/${requestId}/decision`, decision)).toMatchObject({ status: 200 })
  const approval = (await doors.history(to.replace('subjects/', 'person-'))).findLast(({ type }) => type === 'ErasureApproved')!
  const { erasureId } = approval.data as { readonly erasureId: string }
  await carriedOut(doors.w, { workId: erasureId, stream: to.replace('subjects/', 'person-'), sourceEventId: approval.meta.eventId })
}
/** What somebody with full rights on the database can do to two requests. */
const swapNecessity = (...ids: readonly [string, string]) =>
  asAdmin(doors.w.database.admin, async sql => {
    const rows = await sql<{ position: string; data: string }[]>`
      select position, data from event_store.event
      where type = 'DisclosureRequested' and data::json->>'disclosureId' = any (${[...ids]}) order by position`
    const [one, two] = rows.map(({ data }) => JSON.parse(data) as Readonly<Record<string, unknown>>)
    for (const [n, data] of [
      { ...one, necessity: two?.['necessity'] },
      { ...two, necessity: one?.['necessity'] },
    ].entries())
      await sql`update event_store.event set data = ${JSON.stringify(data)} where position = ${rows[n]!.position}`
  })
/** The readings that are on record, newest last. */
async function readings() {
  const found = []
  for await (const stored of doors.w.store.readAll({ after: 0n }))
    if (stored.type === 'RecordAccessed') found.push({ ...doors.w.codec.decode(stored), purpose: stored.metadata['purpose'] })
  return found
}
type Item = Readonly<Record<string, unknown>>
const itemsOf = async (...[role, path]: Parameters<typeof doors.read>) => (await doors.read(role, path)).body['items'] as readonly Item[]

describe('[C22] whoever may decide on a disclosure reads why it is asked for', () => {
  test('and the reading is on record before', async () => {
    const to = await known()
    const disclosureId = await asks(to, toCourt)
    expect(await doors.read('dpo', `${to}/disclosures/${disclosureId}/words`)).toMatchObject({
      status: 200,
      body: { disclosureId, ...words, orderReference: toCourt.orderReference },
    })
    expect((await readings()).at(-1)).toMatchObject({
      data: { subjectRef: to.slice(9), what: 'DISCLOSURE', about: disclosureId, fields: [], scopes: ['EVID', 'NARR'], ground: 'ROLE' },
      meta: { actor: { role: 'dpo' } },
      purpose: 'COURT_ORDER',
    })
  })
  test('and nobody else does', async () => {
    const to = await known()
    const [employment, health, court] = [await asks(to), await asks(to, withHealth), await asks(to, toCourt)]
    const before = (await readings()).length
    const may = async (role: Parameters<typeof doors.read>[0], id: string) =>
      (await doors.read(role, `${to}/disclosures/${id}/words`)).status
    expect([await may('team-leader', employment), await may('team-leader', court)]).toEqual([200, 403])
    expect([await may('health-overseer', health), await may('health-overseer', employment)]).toEqual([200, 403])
    for (const role of ['ips-worker', 'back-office', 'auditor', 'sysadmin', 'integration'] as const)
      expect([role, await may(role, employment)]).toEqual([role, 403])
    expect(await readings()).toHaveLength(before + 2)
    expect(await may('dpo', newId())).toBe(404)
  })
  test('until they are erased; what was moved or lost is no answer', async () => {
    const to = await known()
    const [gone, moved] = [await asks(to, { orderReference: toCourt.orderReference }), await asks(await known())]
    const path = `${to}/disclosures/${gone}/words`
    await swapNecessity(gone, moved)
    expect(await doors.read('dpo', path)).toMatchObject({ status: 500, body: { code: 'SEAL_BROKEN' } })
    await swapNecessity(gone, moved)
    await allErased(to)
    expect((await doors.read('dpo', path)).body).toMatchObject({
      necessity: { erased: true },
      recipientContact: { erased: true },
      orderReference: toCourt.orderReference,
    })
    const other = await known()
    const lost = await asks(other)
    await asAdmin(doors.w.database.admin, sql => sql`delete from vault.data_key where subject = ${other.slice(9)}`)
    expect(await doors.read('dpo', `${other}/disclosures/${lost}/words`)).toMatchObject({ status: 500, body: { code: 'KEY_LOST' } })
  })
})
describe('[C64] whoever may decide on an erasure reads what the person said', () => {
  test('and the reading is on record before', async () => {
    const to = await known()
    const { body } = await erase(to)
    const requestId = String(body['requestId'])
    const path = `${to}/erasure-requests/${requestId}/words`
    expect(await doors.read('caldicott', path)).toMatchObject({
      status: 200,
      body: { requestId, state: 'RECEIVED', words: 'Please forget that I was ever there.' },
    })
    expect((await readings()).at(-1)).toMatchObject({
      data: { subjectRef: to.slice(9), what: 'RIGHTS_REQUEST', about: requestId, scopes: ['EVID'] },
      purpose: 'RIGHTS_FULFILMENT',
    })
    for (const role of ['team-leader', 'back-office', 'auditor'] as const) expect((await doors.read(role, path)).status).toBe(403)
  })
  test('but nobody whom the request concerns', async () => {
    const to = await known()
    const me = String((await doors.read('dpo', 'me')).body['staffRef'])
    const requestId = String((await erase(to, { concernsStaff: [me] })).body['requestId'])
    expect(await doors.read('dpo', `${to}/erasure-requests/${requestId}/words`)).toMatchObject({
      status: 403,
      body: { code: 'CONFLICT_OF_INTEREST' },
    })
    await doors.shown()
    const waiting = async (role: 'dpo' | 'caldicott') => (await itemsOf(role, 'erasure-requests/awaiting')).map(item => item['requestId'])
    expect([(await waiting('dpo')).includes(requestId), (await waiting('caldicott')).includes(requestId)]).toEqual([false, true])
  })
})
describe('what waits for whom', () => {
  const awaiting = async (role: Parameters<typeof doors.read>[0], to: string) =>
    (await itemsOf(role, 'disclosures/awaiting?limit=200')).filter(item => item['subjectRef'] === to.slice(9))

  test('is what they may decide, and their own requests are not', async () => {
    const to = await known()
    const [employment, health, court] = [await asks(to), await asks(to, withHealth), await asks(to, toCourt)]
    const own = await asks(to, {}, 'team-leader-1')
    await doors.shown()
    const ids = async (role: Parameters<typeof doors.read>[0]) => (await awaiting(role, to)).map(item => item['disclosureId'])
    expect(await ids('health-overseer')).toEqual([health])
    expect(await ids('team-leader')).toEqual([employment, health])
    for (const role of ['dpo', 'caldicott'] as const) expect(await ids(role)).toEqual([employment, health, court, own])
    for (const role of ['ips-worker', 'auditor'] as const) expect((await doors.read(role, 'disclosures/awaiting')).status).toBe(403)
  })
  test('says nothing that is sealed, and goes once it is decided', async () => {
    const to = await known()
    const disclosureId = await asks(to, withHealth)
    await doors.shown()
    const [item] = await awaiting('health-overseer', to)
    expect(item).toMatchObject({ awaits: 'APPROVAL', necessity: { masked: true }, categories: ['HLT'] })
    expect(JSON.stringify(item)).not.toContain('Undershaft')
    const decision = { decision: 'REFUSED', reasons: 'It can wait for her own doctor.' }
    expect(await doors.tell('health-overseer', `${to}/disclosures/${disclosureId}/authorisation`, decision)).toMatchObject({ status: 200 })
    await doors.shown()
    expect(await awaiting('health-overseer', to)).toEqual([])
    expect((await doors.read('dpo', `${to}/disclosures/${disclosureId}/words`)).body['reasons']).toBe(decision.reasons)
  })
})
