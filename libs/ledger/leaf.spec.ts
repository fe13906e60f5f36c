import type { JsonValue } from '#kernel/json'
import { shownForm, storedForm } from './leaf.js'

const nested = (levels: number): JsonValue => {
  let value: JsonValue = 1
  for (let n = 0; n < levels; n++) value = n % 2 === 0 ? [value] : { a: value }
  return value
}

test('JSON is digested as canonical JSON down to 500 levels, and as text below: the same way wherever it is read', () => {
  expect(storedForm({ json: nested(500) }).enc).toBe('jcs')
  expect(storedForm({ json: nested(501) })).toEqual({ enc: 'raw', content: JSON.stringify(nested(501)) })
  expect(storedForm({ json: nested(200_000) }).enc).toBe('raw')
  expect(storedForm({ json: [{ a: '\ud800' }] })).toEqual({ enc: 'raw', content: '[{"a":"\\ud800"}]' })
})
test('canonical text is digested as it stands, and shown as bytes where somebody changed it', () => {
  for (const text of ['{"a":1}', '{"a": 1}', '{"b":1,"a":1}', '{"a":', '{"a":\n1}'])
    expect(storedForm({ canonical: text })).toEqual({ enc: 'jcs', content: text })
  expect(['{"a":1}', '{"a": 1}', '{"b":1,"a":1}', '{"a":', '{"a":\n1}'].map(canonical => shownForm({ canonical }).enc)).toEqual([
    'jcs',
    'raw',
    'raw',
    'raw',
    'raw',
  ])
  expect([shownForm({ json: { a: 1 } }).enc, shownForm({ bytes: Buffer.from('{"a":1}') }).enc]).toEqual(['jcs', 'raw'])
})
