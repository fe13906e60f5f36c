import { type Member, colleaguesOf, hourAgo } from '../support/colleagues.js'
import { openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
let worker: Member, leader: Member, outside: Member, dpo: Member, office: Member
let people: Readonly<Record<'own' | 'others' | 'nobodys' | 'ended' | 'close' | 'granted' | 'broken', string>>

beforeAll(async () => {
  doors = await openDoors()
  const { member, done, person } = colleaguesOf(doors)
  const colleague = await member()
  ;[worker, leader, outside] = [await member(), await member('team-leader'), await member('team-leader')]
  ;[dpo, office] = [await member('dpo'), await member('back-office')]
  people = {
    own: await person(worker),
    others: await person(colleague),
    nobodys: await person(),
    ended: await person(colleague),
    close: await person(worker),
    granted: await person(colleague),
    broken: await person(colleague),
  }
  for (const subjectRef of Object.values(people)) {
    const about = `subjects/${subjectRef}`
    await done('dpo', `${about}/mis-storage-objections`, { channel: 'PHONE', receivedAt: hourAgo() })
    await done('back-office', `${about}/messages`, { channel: 'SMS', receivedAt: hourAgo(), words: 'please call me' })
    await done('back-office', `${about}/emergency-disclosures`, { recipient: 'AMBULANCE', necessity: 'She said that she would die.' })
  }
  await done('team-leader', `subjects/${people.ended}/episode/end`, { endedOn: new Date().toISOString().slice(0, 10), reason: 'COMPLETED' })
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const grant = { subjectRef: people.granted, kind: 'CASELOAD', role: 'ips-worker', until }
  await done('dpo', `staff/${worker.staffRef}/grants`, grant)
  await worker.tell(`subjects/${people.broken}/break-glass`, { reason: 'She is not at home.' })
  const { teamId } = await done('dpo', 'teams', { leader: leader.staffRef })
  await done('dpo', `teams/${String(teamId)}/members`, { staffRef: colleague.staffRef, part: 'WORKER' })
  await done('dpo', 'teams', { leader: outside.staffRef })
  const everybody = [worker, leader, outside, dpo, office]
  for (const { staffRef } of everybody) await done('caldicott', `subjects/${people.close}/conflicts`, { staffRef })
  await doors.shown()
})
afterAll(() => doors.close())

/** By name, in the order of the list. */
async function shownIn(list: string, { read }: Member) {
  const { status, body } = await read(`${list}?limit=200`)
  if (status !== 200) return body['code']
  const found = (body['items'] as { subjectRef: string }[]).map(({ subjectRef }) => subjectRef)
  return Object.entries(people).flatMap(([name, subjectRef]) => (found.includes(subjectRef) ? [name] : []))
}

const lists = ['caseload', 'referrals', 'notices-to-provide', 'messages', 'messages/waiting', 'mis-storage-objections', 'disclosures']
describe.each(lists)('[C37] [C38] in the list of %s', list => {
  const opensToOffice = !['caseload', 'disclosures'].includes(list)
  test('a worker finds those whom they support, whom nobody does, and who were opened to them', async () => {
    expect(await shownIn(list, worker)).toEqual(['own', 'nobodys', 'granted'])
  })
  test('a team leader finds those whom their team supports, and whom nobody does', async () => {
    expect(await shownIn(list, leader)).toEqual(['others', 'nobodys', 'ended', 'granted', 'broken'])
    expect(await shownIn(list, outside)).toEqual(['nobodys'])
  })
  test('whoever reads all finds all but those to whom they are close', async () => {
    const all = ['own', 'others', 'nobodys', 'ended', 'granted', 'broken']
    expect(await shownIn(list, dpo)).toEqual(all)
    if (opensToOffice) expect(await shownIn(list, office)).toEqual(all)
  })
})
describe('[C37] [K21] whoever says for what they have to know', () => {
  const named = ['caseload', 'caseload/mine', 'referrals', 'notices-to-provide', 'messages', 'messages/waiting', 'wish-checks', 'contacts']
  const purpose = 'SERVICE_PROVISION'
  const read = () => doors.onRecord('RecordAccessed', ({ data }) => data['what'] === 'LIST', { atLeast: 0 })
  test('is told who is in the list; that all of them were read is one event, with what let the reader at each', async () => {
    const { body } = await worker.read(`caseload?purpose=${purpose}`)
    const items = body['items'] as { subjectRef: string; name: unknown }[]
    expect(items.map(({ name }) => typeof name)).toEqual(['string', 'string', 'string'])
    const data = (await read()).at(-1)?.data
    const also = data?.['alsoOf'] as { subjectRef: string; ground: string; grantId?: string }[]
    expect(data).toMatchObject({ subjectRef: people.own, ground: 'OWN_CASELOAD', fields: ['ID.name'] })
    expect(also).toMatchObject([
      { subjectRef: people.nobodys, ground: 'INTAKE' },
      { subjectRef: people.granted, ground: 'GRANT' },
    ])
    await doors.shown()
    const grants = await doors.read('dpo', `grants?subjectRef=${people.granted}`)
    expect(grants.body['items']).toMatchObject([{ grantId: also[1]?.grantId, usedAt: data?.['at'] }])
  })
  test.each(named)('%s names nobody unless it is asked to, for a purpose that is the reader’s', async list => {
    const before = (await read()).length
    const names = async (query: string) => {
      const { status, body } = await worker.read(`${list}?${query}`)
      if (status !== 200) return body['code']
      return (body['items'] as { name?: unknown }[]).some(({ name }) => name !== undefined)
    }
    expect(await names('limit=200')).toBe(false)
    expect(await names('purpose=MARKETING')).toBe('PURPOSE_NOT_REGISTERED')
    expect((await read()).length).toBe(before)
  })
})
test('[C38] what ended, or was given back, shows again', async () => {
  const closed = `subjects/${people.close}/conflicts/end`
  await doors.tell('caldicott', closed, { staffRef: dpo.staffRef })
  await doors.shown()
  expect(await shownIn('caseload', dpo)).toContain('close')
})
describe.each(['disclosures', 'keys', 'erasure-certificate'])('[C37] [C38] the %s of one person', list => {
  const asked = async (name: keyof typeof people, { read }: Member) => {
    const { status, body } = await read(`subjects/${people[name]}/${list}`)
    return status === 200 ? 'shown' : body['code']
  }
  test('are open to whom the record is open, and the denial is on record', async () => {
    const open = list === 'erasure-certificate' ? 'NOT_FOUND' : 'shown'
    expect([await asked('own', worker), await asked('granted', worker), await asked('broken', worker)]).toEqual([open, open, open])
    expect([await asked('others', worker), await asked('close', worker)]).toEqual(['NO_NEED_TO_KNOW', 'CONFLICT_OF_INTEREST'])
    expect([await asked('others', leader), await asked('own', leader)]).toEqual([open, 'NO_NEED_TO_KNOW'])
    await doors.onRecord('CommandRefused', ({ data }) => data['subjectRef'] === people.others && data['code'] === 'NO_NEED_TO_KNOW')
  })
})
