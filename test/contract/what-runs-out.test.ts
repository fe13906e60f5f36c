import { daysAfter } from '#kernel/instants'
import { type Answer, aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const ago = (days: number) => daysAfter(doors.now(), -days)
/** Of somebody whose evidence is so many days old. */
async function eligible(checked: number) {
  const { body } = await doors.tell('back-office', 'referrals', { ...aReferral, receivedAt: ago(40) })
  const about = `subjects/${String(body['subjectRef'])}`
  await doors.tell('back-office', `${about}/eligibility`, { evidenceType: 'STARS_LETTER', checkedAt: ago(checked), outcome: 'CONFIRMED' })
  return about
}
async function accepted(acceptedAt: string) {
  const about = await eligible(20)
  expect((await doors.tell('team-leader', `${about}/acceptance`, { acceptedAt })).status).toBe(200)
  return about
}
async function isIn(list: string, about: string) {
  await doors.shown()
  const { items } = (await doors.read('team-leader', `${list}&limit=200`)).body as { readonly items: readonly Answer['body'][] }
  return items.find(({ subjectRef }) => about === `subjects/${String(subjectRef)}`)
}
const isRunningOut = (about: string, days: number) => isIn(`referrals?eligibleBefore=${ago(-days)}`, about)
const isQuiet = (about: string, days: number) => isIn(`caseload?quietSince=${ago(days)}`, about)

test('[C11] whose evidence of a STARS service runs out is listed until they are accepted, or STARS is asked again', async () => {
  const about = await eligible(25)
  expect([await isRunningOut(about, 2), (await isRunningOut(about, 4))?.['state']]).toEqual([undefined, 'ELIGIBLE'])
  await doors.tell('back-office', `${about}/eligibility`, { evidenceType: 'STARS_CALL', checkedAt: ago(1), outcome: 'CONFIRMED' })
  expect(await isRunningOut(about, 4)).toBeUndefined()
  const begun = await eligible(25)
  expect((await doors.tell('team-leader', `${begun}/acceptance`, {})).status).toBe(200)
  expect(await isRunningOut(begun, 4)).toBeUndefined()
})

describe('[C57] with whom nobody has been in touch', () => {
  const reached = (days: number, outcome: string) => ({ channel: 'PHONE', about: 'PROGRESS', contactedAt: ago(days), outcome })
  test('is listed from the beginning of the service on, and not once they were reached; a try is not enough', async () => {
    const about = await accepted(ago(15))
    expect([await isQuiet(about, 16), (await isQuiet(about, 14))?.['state']]).toEqual([undefined, 'OPEN'])
    await doors.tell('back-office', `${about}/contacts`, reached(5, 'NO_ANSWER'))
    expect(await isQuiet(about, 14)).toBeDefined()
    await doors.tell('back-office', `${about}/contacts`, reached(5, 'REACHED'))
    await doors.tell('back-office', `${about}/contacts`, reached(9, 'REACHED'))
    expect([await isQuiet(about, 6), (await isQuiet(about, 4))?.['state']]).toEqual([undefined, 'OPEN'])
  })
  test('is listed no more once they got in touch, or came back', async () => {
    const about = await accepted(ago(15))
    await doors.tell('back-office', `${about}/messages`, { channel: 'SMS', receivedAt: ago(3), words: 'I am still here.' })
    expect([await isQuiet(about, 4), (await isQuiet(about, 2))?.['state']]).toEqual([undefined, 'OPEN'])
    const back = await accepted(ago(15))
    const endedOn = ago(10).slice(0, 10)
    expect((await doors.tell('team-leader', `${back}/episode/end`, { endedOn, reason: 'NOT_IN_TOUCH' })).status).toBe(200)
    expect((await doors.tell('team-leader', `${back}/episode/reopening`, { reopenedAt: ago(6) })).status).toBe(200)
    expect([await isQuiet(back, 7), (await isQuiet(back, 5))?.['state']]).toEqual([undefined, 'OPEN'])
  })
})
