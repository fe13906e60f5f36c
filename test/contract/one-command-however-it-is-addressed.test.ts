import { randomUUID } from 'node:crypto'
import { aReferral, aSharingForm, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

async function referred() {
  const { body } = await doors.tell('back-office', 'referrals', aReferral)
  return String(body['subjectRef'])
}
const formsOf = async (subjectRef: string) =>
  (await doors.history(`person-${subjectRef}`)).filter(({ type }) => type === 'ConsentGranted').length
/** Letters of the path as their percent-encodings. */
const encoded = (text: string) => [...text].map(letter => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')

describe('the same key and body on another spelling of the same address', () => {
  test.each<readonly [string, (subjectRef: string) => string]>([
    ['the id in capitals', ref => `subjects/${ref.toUpperCase()}/consent-forms`],
    ['the id percent-encoded', ref => `subjects/${encoded(ref)}/consent-forms`],
    ['a letter of the id percent-encoded', ref => `subjects/${encoded(ref.slice(0, 1))}${ref.slice(1)}/consent-forms`],
    ['the id in capitals, percent-encoded', ref => `subjects/${encoded(ref.toUpperCase())}/consent-forms`],
    ['a word percent-encoded', ref => `%73ubjects/${ref}/consent-form%73`],
    ['a hyphen percent-encoded', ref => `subjects/${ref}/consent%2Dforms`],
    ['a query', ref => `subjects/${ref}/consent-forms?again=1`],
    ['an empty query', ref => `subjects/${ref}/consent-forms?`],
    ['a fragment', ref => `subjects/${ref}/consent-forms#again`],
    ['a slash at the end', ref => `subjects/${ref}/consent-forms/`],
    ['two slashes', ref => `subjects//${ref}/consent-forms`],
    ['a slash percent-encoded', ref => `subjects%2F${ref}/consent-forms`],
    ['a dot', ref => `./subjects/${ref}/consent-forms`],
    ['two dots', ref => `subjects/x/../${ref}/consent-forms`],
    ['the word in capitals', ref => `Subjects/${ref}/consent-forms`],
    ['a semicolon', ref => `subjects/${ref}/consent-forms;again=1`],
    ['a space at the end', ref => `subjects/${ref}/consent-forms%20`],
    ['a matrix parameter of the id', ref => `subjects/${ref};a=b/consent-forms`],
    [
      'letters of full width',
      ref => `subjects/${encodeURIComponent(ref.replace(/[a-f]/g, one => String.fromCodePoint(one.charCodeAt(0) + 0xfee0)))}/consent-forms`,
    ],
  ])('is the same command, or none: %s', async (_, spelled) => {
    const [subjectRef, key] = [await referred(), randomUUID()]
    const first = await doors.tell('ips-worker', `subjects/${subjectRef}/consent-forms`, aSharingForm, { key })
    expect(first.status).toBe(201)
    const again = await doors.tell('ips-worker', spelled(subjectRef), aSharingForm, { key })
    if (again.status === 201) expect(again.body).toEqual(first.body)
    else expect([400, 404]).toContain(again.status)
    expect(await formsOf(subjectRef)).toBe(1)
  })
  test('and the other way round: first in capitals', async () => {
    const [subjectRef, key] = [await referred(), randomUUID()]
    const first = await doors.tell('ips-worker', `subjects/${subjectRef.toUpperCase()}/consent-forms`, aSharingForm, { key })
    const again = await doors.tell('ips-worker', `subjects/${subjectRef}/consent-forms`, aSharingForm, { key })
    expect([first.status, again.body]).toEqual([201, first.body])
    expect(await formsOf(subjectRef)).toBe(1)
  })
  test('a command whose path holds no id is done once, too', async () => {
    const key = randomUUID()
    const answers = await Promise.all(
      ['referrals', 'referrals?a=b', '%72eferrals', 'referrals#a'].map(url => doors.tell('back-office', url, aReferral, { key })),
    )
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body['subjectRef'])).size).toBe(1)
  })
})
test('the same key for somebody else is another command', async () => {
  const [one, other, key] = [await referred(), await referred(), randomUUID()]
  for (const subjectRef of [one, other])
    expect((await doors.tell('ips-worker', `subjects/${subjectRef}/consent-forms`, aSharingForm, { key })).status).toBe(201)
  expect([await formsOf(one), await formsOf(other)]).toEqual([1, 1])
})
test('another body under the same key is misuse, however the path is spelled', async () => {
  const [subjectRef, key] = [await referred(), randomUUID()]
  await doors.tell('ips-worker', `subjects/${subjectRef}/consent-forms`, aSharingForm, { key })
  const other = { ...aSharingForm, completedAt: '2026-11-21T10:00:00Z' }
  const { status, body } = await doors.tell('ips-worker', `subjects/${subjectRef.toUpperCase()}/consent-forms`, other, { key })
  expect([status, body['code']]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
})
