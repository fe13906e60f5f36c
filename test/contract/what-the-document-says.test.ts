import { readFileSync } from 'node:fs'
import { aReferral, aSharingForm, openDoors } from '../support/doors.js'
import { assertAsDocumented } from '../support/as-documented.js'

type Doors = Awaited<ReturnType<typeof openDoors>>
let doors: Doors
let subjectRef: string
beforeAll(async () => {
  doors = await openDoors()
  subjectRef = String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef'])
})
afterAll(() => doors.close())

const ask = (method: string, url: string) => doors.api.inject({ method: method as 'GET', url })
const { paths } = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as { readonly paths: Readonly<Record<string, object>> }

test('a path that is known says to another method which it has, and nothing to one that is not', async () => {
  for (const [path, methods] of Object.entries(paths)) {
    const url = path.replace('{path}', '000').replace(/\{\w+\}/g, subjectRef)
    const known = Object.keys(methods).map(method => method.toUpperCase())
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(one => !known.includes(one))) {
      const answer = await ask(method, url)
      expect([method, path, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([method, path, 405, 'METHOD_NOT_ALLOWED'])
      expect([
        path,
        String(answer.headers['allow'])
          .split(', ')
          .filter(one => one !== 'HEAD')
          .sort(),
      ]).toEqual([path, known.sort()])
    }
  }
  expect((await ask('DELETE', '/v1/nothing-of-ours')).statusCode).toBe(404)
})
test('what was made is where the answer says', async () => {
  const { headers } = await doors.tell('back-office', 'referrals', { ...aReferral, person: { name: 'Peregrine Ashdown' } })
  const form = await doors.tell('ips-worker', `subjects/${subjectRef}/consent-forms`, aSharingForm)
  await doors.shown()
  for (const where of [headers['location'], form.headers['location']]) {
    const { status, body } = await doors.read('ips-worker', String(where).replace('/v1/', ''))
    expect([where, status, typeof body['subjectRef']]).toEqual([where, 200, 'string'])
  }
})
test('an answer that the document does not know is noticed', () => {
  const said = {
    method: 'GET',
    path: '/health/live',
    status: 200,
    header: (name: string) => ({ 'content-type': 'application/json', 'x-correlation-id': 'x' })[name.toLowerCase()],
    body: { status: 'live' },
  }
  expect(() => {
    assertAsDocumented(said)
  }).not.toThrow()
  for (const [changed, words] of [
    [{ body: { status: 'asleep' } }, /must be equal to one of the allowed values/],
    [{ body: { status: 'live', since: 1 } }, /must NOT have additional properties/],
    [{ status: 418 }, /answered 418, which its document does not know/],
    [{ header: () => 'application/json' }, undefined],
    [{ header: (name: string) => (name === 'content-type' ? 'application/json' : undefined) }, /without X-Correlation-Id/],
    [{ header: (name: string) => (name === 'content-type' ? 'text/html' : 'x') }, /as text\/html, which its document does not know/],
  ] as const) {
    const noticed = expect(() => {
      assertAsDocumented({ ...said, ...changed })
    })
    if (words) noticed.toThrow(words)
    else noticed.not.toThrow()
  }
})
