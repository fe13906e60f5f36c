import { factorOf, patient } from './patience.js'

test.each([
  [1, 3],
  [500, 3],
  [1_624, 3],
  [1_626, 3.5],
  [5_000, 10],
  [3_600_000, 30],
])('a machine that took %s ms is waited for %s times as long', (took, factor) => {
  expect(factorOf(took)).toBe(factor)
})
test('a wait is multiplied, and never shorter than it says', () => {
  expect([patient(20_000, 1), patient(20_000, 2.5), patient(1, 1.5)]).toEqual([20_000, 50_000, 2])
})
test('the times that tests and hooks name for themselves are multiplied by the factor of this run', () => {
  // The set-up does it for every file: what is registered here runs with it.
  expect(Object.hasOwn(test, 'patient')).toBe(true)
})
