import { RecordedTimes, recordedTimeMayGoBackMs } from './recorded-time.js'

const start = Date.parse('2026-11-01T09:00:00.000Z')
const at = (ms: number) => new Date(start + ms).toISOString()
/** Which of these times, in milliseconds, go back further than they may, and from where. */
const backIn = (...times: readonly number[]) => {
  const followed = new RecordedTimes()
  return times.flatMap((ms, n) => {
    const from = followed.goesBackFrom(at(ms))
    return from === undefined ? [] : [[n, Date.parse(from) - start]]
  })
}
const most = recordedTimeMayGoBackMs
const twentyDays = 20 * 86_400_000

test('time that stands still, goes on, or goes back by no more than clocks may differ', () =>
  expect(backIn(0, 0, 1, most + 1, 1, most)).toEqual([]))
test('an event of twenty days ago among others is one step back, and the next one is none', () =>
  expect(backIn(0, 5, 5 - twentyDays, 6, 7)).toEqual([[2, 5]]))
test('a millisecond more than may be', () => expect(backIn(most + 1, 0)).toEqual([[1, most + 1]]))
test('steps that are small each, and together are not', () => expect(backIn(0, -most, -most - 1, -most - 2)).toEqual([[2, 0]]))
test('one that was ahead: the step back from it, once', () => expect(backIn(0, twentyDays, 1, 2, 3)).toEqual([[2, twentyDays]]))
