import { inOrder, stillStands } from './standing-values.js'

const [subject, first, second, other] = ['person', 'first', 'second', 'other']
const now = '2026-11-29T12:00:00.000Z'
const recorded = new Map([
  [second, { from: 5n }],
  [first, { from: 1n }],
])
const entered = (commandId: string, later: readonly string[] = [], reservedAt = '2026-11-01T12:00:00.000Z') =>
  stillStands({ subject, field: 'phone', commandId, later, reservedAt }, recorded, now)

test('a value stands until a later command of the log says another', () => {
  expect([entered(first), entered(first, [second]), entered(second, [first])]).toEqual([true, false, true])
})
test('whoever entered another and is not in the log has corrected nothing yet', () => {
  expect(entered(first, [other])).toBe(true)
})
test('what was entered anew from the record stands until it is corrected', () => {
  expect([entered(subject), entered(subject, [first]), entered(first, [subject])]).toEqual([true, false, true])
})
test('what is on its way into the log stands for a quarter of an hour', () => {
  expect([entered(other, [], '2026-11-29T11:46:00.000Z'), entered(other, [], '2026-11-29T11:44:00.000Z')]).toEqual([true, false])
})
test('the order is that of the log', () => {
  expect(inOrder(recorded)).toEqual([first, second])
})
