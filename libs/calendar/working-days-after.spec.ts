import { workingDayAfter } from './working-days-after.js'

const calendar = { version: 'TEST', holidays: new Set(['2026-12-25', '2026-12-28']) }

test.each([
  ['a Monday, and the Monday after it', '2026-11-23T10:00:00Z', 5, '2026-11-30'],
  ['a Friday: the weekend is not counted', '2026-11-27T10:00:00Z', 1, '2026-11-30'],
  ['a Saturday counts from the Monday on', '2026-11-28T10:00:00Z', 1, '2026-11-30'],
  ['Christmas is not counted', '2026-12-24T10:00:00Z', 2, '2026-12-30'],
  ['the day itself where none is counted', '2026-11-28T10:00:00Z', 0, '2026-11-28'],
  ['the day is London’s', '2026-06-28T23:30:00Z', 1, '2026-06-30'],
])('%s', (_, instant, days, date) => {
  expect(workingDayAfter(instant, days, calendar)).toBe(date)
})
