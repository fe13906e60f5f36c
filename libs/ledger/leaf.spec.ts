import { canonicalJson } from '#event-kit/canonical'
import type { LoggedEvent, Payload } from '#event-store/event-store'
import type { JsonObject, JsonValue } from '#kernel/json'
import { headerOf, isEdited, storedForm } from './leaf.js'

const nested = (levels: number): JsonValue => {
  let value: JsonValue = 1
  for (let n = 0; n < levels; n++) value = n % 2 === 0 ? [value] : { a: value }
  return value
}

const stored: LoggedEvent = {
  id: '6f1c0a52-0000-4000-8000-000000000001',
  type: 'Tried',
  stream: 'tried-1',
  revision: 0n,
  position: 1n,
  recordedAt: '2026-11-01T09:00:00.000Z',
  data: { canonical: '{"a":1}' },
  metadata: { canonical: '{}' },
}

test('JSON is digested as canonical JSON down to 500 levels, and as text below: the same way wherever it is read', () => {
  expect(storedForm({ json: nested(500) }).enc).toBe('jcs')
  expect(storedForm({ json: nested(501) })).toEqual({ enc: 'raw', content: JSON.stringify(nested(501)) })
  expect(storedForm({ json: nested(200_000) }).enc).toBe('raw')
  expect(storedForm({ json: [{ a: '\ud800' }] })).toEqual({ enc: 'raw', content: '[{"a":"\\ud800"}]' })
})
test('text that a store keeps is canonical JSON, or the bytes that somebody made of it', () => {
  expect(['{"a":1}', '{"a": 1}', '{"b":1,"a":1}', '{"a":', '{"a":\n1}'].map(text => storedForm({ canonical: text }))).toEqual([
    { enc: 'jcs', content: '{"a":1}' },
    { enc: 'raw', content: '{"a": 1}' },
    { enc: 'raw', content: '{"b":1,"a":1}' },
    { enc: 'raw', content: '{"a":' },
    { enc: 'raw', content: '{"a":\n1}' },
  ])
  expect([storedForm({ json: { b: 1, a: 1 } }).enc, storedForm({ bytes: Buffer.from('{"a":1}') }).enc]).toEqual(['jcs', 'raw'])
})
test.each<readonly [string, Partial<LoggedEvent>, boolean]>([
  ['canonical', {}, false],
  ['data that are not', { data: { canonical: '{"a": 1}' } }, true],
  ['metadata that are not', { metadata: { canonical: '{"a":' } }, true],
  ['bytes that somebody else wrote into another store', { data: { bytes: Buffer.from('{"a":') } }, false],
])('an event whose text was edited is told from others: %s', (_, other, edited) => {
  const event = { ...stored, ...other }
  expect(isEdited(event, headerOf('ledger.example/1', event, ''))).toBe(edited)
})
test('[C40] a leaf of the Hub says that it is kept apart, and nothing else does', () => {
  const headed = (more: Partial<LoggedEvent>) => headerOf('ledger.example/1', { ...stored, ...more }, '')
  const apart = { type: 'KeptApart', stream: expect.stringMatching(/^~/) as string, kids: [] }
  for (const stream of ['incident-1', 'hub-1']) expect(headed({ stream })).toMatchObject(apart)
  expect(headed({ type: 'KeptApart' })).toMatchObject({ stream: 'tried-1', type: expect.stringMatching(/^~/) as string })
  expect(headed({ stream: 'hubs-1' })).toMatchObject({ stream: 'hubs-1', type: 'Tried' })
})

const [key, other] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b']
const envelope = { v: 1, kid: key, iv: 'AAAA', ct: 'BBBB', at: 'CCCC|Tried.v1|name' }
test.each<readonly [string, JsonObject]>([
  ['none', { a: 1, kid: key }],
  ['one', { name: envelope }],
  ['several, some of them twice', { a: { ...envelope, kid: other }, b: [envelope, { c: envelope }] }],
  ['beside a text that looks like one', { a: envelope, b: JSON.stringify({ ...envelope, kid: other }) }],
  ['beside a name with a quote', { 'x"ct': 'y', a: envelope }],
  ['of another form', { a: envelope, b: { ct: 'x', kid: other } }],
  ['with more in it', { a: { ...envelope, b: { ...envelope, kid: other } } }],
  ['with a key that is none', { a: { ...envelope, kid: 'x' }, b: { ...envelope, kid: '-'.repeat(36) }, c: { ...envelope, kid: other } }],
  ['of another version', { a: { ...envelope, v: 2 } }],
])('the keys of sealed values are those of the same JSON, however it is stored: %s', (_, json) => {
  const keysOf = (data: Payload) => headerOf('ledger.example/1', { ...stored, data }, '').kids
  expect(keysOf({ canonical: canonicalJson(json) })).toEqual(keysOf({ json }))
})
