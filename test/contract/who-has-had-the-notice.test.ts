import { londonDate, monthsAfter } from '#calendar/statutory-periods'
import type { SubjectRef } from '#kernel/id'
import { aReferral, openDoors } from '../support/doors.js'
import { erase } from '../support/people.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const day = '2026-11-20'
const referred = async (source: 'SELF' | 'STARS' = 'STARS') => {
  const { body } = await doors.tell('back-office', 'referrals', { ...aReferral, source, receivedAt: `${day}T10:00:00Z` })
  return `subjects/${String(body['subjectRef'])}`
}
type Item = { readonly subjectRef: string } & Readonly<Record<string, unknown>>
const toProvide = async (person: string, filter = '') => {
  await doors.shown()
  const { items } = (await doors.read('back-office', `notices-to-provide?limit=100${filter}`)).body as { readonly items: readonly Item[] }
  return items.filter(({ subjectRef }) => person.endsWith(subjectRef))
}
const notice = { noticeVersion: 'DEMO-1', channel: 'EMAIL', providedAt: '2026-11-21T10:00:00Z' }
const given = (person: string, change: object = {}) => doors.tell('back-office', `${person}/notices`, { ...notice, ...change })

describe('[C61] the notice', () => {
  test('is to be provided at once where the data came from the person, and within a month where it came from others', async () => {
    expect(await toProvide(await referred('SELF'))).toMatchObject([{ state: 'NEVER_PROVIDED', noticeVersion: 'NONE', due: day }])
    const person = await referred()
    expect(await toProvide(person)).toMatchObject([{ due: monthsAfter(day, 1) }])
    expect(await toProvide(person, `&dueBefore=${monthsAfter(day, 1)}`)).toEqual([])
  })
  test('does not wait for the month once the person is contacted', async () => {
    const person = await referred()
    const called = { channel: 'PHONE', about: 'PROGRESS', contactedAt: '2026-11-24T10:00:00Z', outcome: 'REACHED' }
    await doors.tell('ips-worker', `${person}/contacts`, { ...called, outcome: 'NO_ANSWER' })
    expect(await toProvide(person)).toMatchObject([{ due: monthsAfter(day, 1) }])
    await doors.tell('ips-worker', `${person}/contacts`, called)
    expect(await toProvide(person)).toMatchObject([{ due: londonDate(called.contactedAt) }])
  })
  test('is provided once it was given in the version that is in force, and the case says so', async () => {
    const person = await referred()
    expect(await given(person)).toMatchObject({ status: 200 })
    expect(await toProvide(person)).toEqual([])
    const { body } = await doors.read('ips-worker', `${person}/case?purpose=SERVICE_PROVISION`)
    expect(body['notice']).toEqual({ noticeVersion: 'DEMO-1', channel: 'EMAIL', providedAt: '2026-11-21T10:00:00.000Z' })
  })
  test('is one that was published, and in force by then', async () => {
    const person = await referred()
    expect(await given(person, { noticeVersion: 'DEMO-9' })).toMatchObject({
      status: 400,
      body: { code: 'NOTICE_VERSION_UNKNOWN', field: 'noticeVersion' },
    })
    expect(await toProvide(person)).toHaveLength(1)
  })
  test('is not to be provided to whoever is erased', async () => {
    const person = await referred()
    await erase(doors.w, person.slice('subjects/'.length) as SubjectRef)
    expect(await toProvide(person)).toEqual([])
  })
})
