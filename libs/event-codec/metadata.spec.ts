import { type EventMetadata, decodeMetadata, encodeMetadata } from './metadata.js'

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}` as never
const least: EventMetadata = {
  actor: { id: id(1), role: 'dpo' },
  purpose: 'SERVICE_PROVISION',
  lawfulBasis: { art6: 'f' },
  noticeVersion: 'N1',
  policies: {},
  regime: 'UK-GDPR',
  correlationId: id(2),
  commandId: id(3),
  command: 'ShareData',
  occurredAt: '2026-11-01T09:00:00.000Z',
}
const most: EventMetadata = {
  ...least,
  actor: { ...least.actor, onBehalfOf: 'PARENT' },
  lawfulBasis: { art6: 'c', art9: '9(2)(h)', sch1: 'para ¶2', provision: 'Road Traffic Act 1988 s.170' },
  policies: { recipients: 'DEMO-1', 'field schemas': '2' },
  causationId: id(4),
}
const stored = { v: 1, schemaVersion: 1, ...least }

test.each([
  ['the least', least],
  ['the most', most],
])('%s that can be said comes back as it was', (_, metadata) => {
  expect(decodeMetadata(encodeMetadata(3, metadata))).toEqual({ schemaVersion: 3, metadata })
})
test('what is not said is not stored', () => {
  expect(encodeMetadata(1, { ...least, causationId: undefined, actor: { ...least.actor, onBehalfOf: undefined } })).toEqual(stored)
})
test.each(['a', '9', 'A_b.c(1)¶ -', `A${'a'.repeat(63)}`])('“%s” is a code', purpose => {
  expect(decodeMetadata({ ...stored, purpose }).metadata.purpose).toBe(purpose)
})
test.each<readonly [string, object]>([
  ['another format', { v: 2 }],
  ['no format', { v: undefined }],
  ['a version that is none', { schemaVersion: 0 }],
  ['half a version', { schemaVersion: 1.5 }],
  ['one thing more', { extra: 'x' }],
  ['an actor with a name', { actor: { ...least.actor, name: 'X' } }],
  ['an actor without an id', { actor: { role: 'dpo' } }],
  ['an id that is none', { actor: { id: 'somebody', role: 'dpo' } }],
  ['a role that is none', { actor: { ...least.actor, role: 'boss' } }],
  ['a code that is a sentence', { actor: { ...least.actor, onBehalfOf: 'x; y' } }],
  ['an empty code', { purpose: '' }],
  ['a code that begins with a space', { purpose: ' A' }],
  ['a code that is too long', { purpose: `A${'a'.repeat(64)}` }],
  ['a line end', { purpose: 'A\n' }],
  ['no basis', { lawfulBasis: {} }],
  ['a basis with one thing more', { lawfulBasis: { art6: 'f', why: 'x' } }],
  ['an empty provision', { lawfulBasis: { art6: 'c', provision: '' } }],
  ['a provision that is too long', { lawfulBasis: { art6: 'c', provision: 'a'.repeat(121) } }],
  ['a condition that is none', { lawfulBasis: { art6: 'c', art9: '' } }],
  ['a paragraph that is none', { lawfulBasis: { art6: 'c', sch1: '' } }],
  ['a policy without a name', { policies: { '': '1' } }],
  ['a policy without a version', { policies: { recipients: '' } }],
  ['a correlation that is no id', { correlationId: 'x' }],
  ['a cause that is no id', { causationId: 'x' }],
  ['a command that is no id', { commandId: 'x' }],
  ['a command without a name', { command: '' }],
  ['a notice without a version', { noticeVersion: '' }],
  ['a regime without a name', { regime: '' }],
  ['a time without its zone', { occurredAt: '2026-11-01T09:00:00' }],
  ['a day', { occurredAt: '2026-11-01' }],
])('refused: %s', (_, change) => {
  expect(() => decodeMetadata({ ...stored, ...change })).toThrow()
})
test('a provision of 120 characters is not too long', () => {
  expect(() => decodeMetadata({ ...stored, lawfulBasis: { art6: 'c', provision: 'a'.repeat(120) } })).not.toThrow()
})
test('what was never checked is not written either', () => {
  expect(() => encodeMetadata(1, { ...least, purpose: '' })).toThrow()
})
