import { hindrance } from '#kernel/outage'
import { Outages } from './outages.js'

type Line = Readonly<Record<string, unknown>>
const words = { began: 'away', ended: 'back', open: 'still away' }
let lines: Line[]
const outages = (now?: () => number) => {
  lines = []
  const add = (details: object, msg: string) => {
    lines.push({ ...details, msg })
  }
  return new Outages({ error: add, warn: add }, words, 1, now)
}
const until = async (wanted: () => boolean) => {
  while (!wanted()) await new Promise(resolve => setTimeout(resolve, 1))
}
const refused = hindrance('ECONNREFUSED')

test('one line when a part goes, one when it is back, with a count and every cause', async () => {
  const one = outages()
  for (let n = 0; n < 99; n++) one.failed({ part: 'database', way: 'GET /a', hindrance: refused, details: { code: 'UNAVAILABLE' } })
  one.failed({ part: 'database', way: 'GET /b', hindrance: hindrance('57P03'), details: { code: 'UNAVAILABLE' } })
  expect(lines).toEqual([{ part: 'database', code: 'UNAVAILABLE', cause: 'ECONNREFUSED', why: 'nothing listens there', msg: 'away' }])
  one.succeeded('GET /b')
  await until(() => lines.length > 1)
  expect(lines[1]).toEqual({ part: 'database', cause: 'ECONNREFUSED, 57P03', count: 100, ms: expect.any(Number) as number, msg: 'back' })
})
test('two parts at once are two outages, and what needed neither ends none', async () => {
  const one = outages()
  one.failed({ part: 'event store', way: 'POST /a', hindrance: hindrance('NoAnswer') })
  one.failed({ part: 'database', way: 'GET /b', hindrance: refused })
  one.succeeded('GET /c')
  one.succeeded('GET /b')
  await until(() => lines.length > 2)
  expect(lines.map(({ part, msg }) => [part, msg])).toEqual([
    ['event store', 'away'],
    ['database', 'away'],
    ['database', 'back'],
  ])
  one.close()
  expect(lines.slice(3)).toMatchObject([{ part: 'event store', count: 1, msg: 'still away' }])
})
test('one that is missed again in the while after is not back', () => {
  const one = outages()
  one.failed({ part: 'database', way: 'GET /a', hindrance: refused })
  one.succeeded('GET /a')
  one.failed({ part: 'database', way: 'GET /a', hindrance: refused })
  one.close()
  expect(lines.map(({ msg, count }) => [msg, count])).toEqual([
    ['away', undefined],
    ['still away', 2],
  ])
})
test('one to which nobody came back does not swallow the alarm of the next', () => {
  let now = 0
  const one = outages(() => now)
  one.failed({ part: 'database', way: 'GET /seldom-asked', hindrance: refused })
  now += 12 * 3_600_000
  one.failed({ part: 'database', way: 'POST /often', hindrance: refused })
  now += 59_000
  one.failed({ part: 'database', way: 'POST /often', hindrance: refused })
  one.close()
  expect(lines.map(({ msg, count }) => [msg, count])).toEqual([
    ['away', undefined],
    ['still away', 1],
    ['away', undefined],
    ['still away', 2],
  ])
})
test('the next time is another outage', () => {
  const one = outages()
  for (let n = 0; n < 2; n++) {
    one.failed({ part: 'database', way: 'GET /a', hindrance: refused })
    one.succeeded('GET /a')
    one.close()
  }
  expect(lines.map(({ msg }) => msg)).toEqual(['away', 'back', 'away', 'back'])
})
