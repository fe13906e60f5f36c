import { brokenBirthDate, brokenDate, isBornAfter } from './plausible-dates.js'

const now = '2026-11-29T12:00:00.000Z'

test.each(['2031-01-01', '2026-11-30', '1896-11-28', '1600-01-01'])('nobody alive was born on %s', date => {
  expect(brokenBirthDate(date, now)).toMatch(/must not lie/)
})
test.each(['2026-11-29', '1991-02-03', '1896-11-29'])('somebody may have been born on %s', date => {
  expect(brokenBirthDate(date, now)).toBeUndefined()
})
test('today is today in London', () => {
  expect([brokenBirthDate('2026-07-02', '2026-07-01T23:30:00Z'), brokenBirthDate('2026-12-02', '2026-12-01T23:30:00Z')]).toEqual([
    undefined,
    'must not lie in the future',
  ])
})
test('what happened cannot lie ahead; what was agreed may, for ten years', () => {
  expect([brokenDate('2026-11-30', now, false), brokenDate('2026-11-30', now, true), brokenDate('2036-11-30', now, true)]).toEqual([
    'must not lie in the future',
    undefined,
    'must not lie more than 10 years ahead',
  ])
  expect(brokenDate('1899-12-31', now, true)).toBe('must not lie before 1900')
})
test('born on the day is not born after', () => {
  expect([isBornAfter('2026-11-29', now), isBornAfter('2026-11-30', now)]).toEqual([false, true])
})
