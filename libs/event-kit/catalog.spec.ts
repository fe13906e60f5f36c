import { EventCatalog } from './catalog.js'
import { EventDef, defineEvent } from './event.js'
import { code, count, flag, group, list, optional, personal, subject } from './field.js'

const first = defineEvent('Moved', { to: code('A', 'B') })
const second = first.next({ to: code('A', 'B'), by: count() }).from(old => ({ ...old, by: 0 }))
const third = second.next({ to: code('A', 'B'), by: count(), again: flag() }).from(old => ({ ...old, again: false }))
const still = defineEvent('Stayed', { at: count() })
const catalog = new EventCatalog([third, still])

test('names, the newest version and every version before it, oldest first', () => {
  expect(catalog.types).toEqual(['Moved', 'Stayed'])
  expect([catalog.has('Moved'), catalog.has('Left')]).toEqual([true, false])
  expect(catalog.current('Moved')).toBe(third)
  expect(catalog.versions).toEqual([first, second, third, still])
  expect([1, 2, 3].map(version => catalog.versioned('Moved', version))).toEqual([first, second, third])
  expect([first, second, third].map(({ version }) => version)).toEqual([1, 2, 3])
})
test('an event says its name and its data', () => {
  expect(still.of({ at: 3 })).toEqual({ type: 'Stayed', data: { at: 3 } })
})
test.each([0, 1.5])('version %s was never defined', version => {
  expect(() => catalog.versioned('Moved', version)).toThrow(`Moved has no version ${version}`)
})
test('a name that was never defined', () => {
  expect(() => catalog.current('Left')).toThrow('Left is stored but not in the catalogue')
})
test('what is not known yet was written by a newer release', () => {
  for (const [type, version] of [
    ['Moved', 4],
    ['Left', 1],
  ] as const)
    expect(() => catalog.versioned(type, version)).toThrow(
      `A newer release wrote an event into the log that this one cannot read (${type} v${version}). Start that release.`,
    )
  expect(() => catalog.versioned('Marigold <x@example.org>', 1)).toThrow('(an event without a name v1)')
})
test('an old version is checked like the newest', () => {
  const unclassified = new EventDef('X', 1, { note: 'text' } as never)
  const newer = new EventDef('X', 2, { at: count() }, { def: unclassified, upcast: () => ({ at: 0 }) })
  expect(() => new EventCatalog([newer])).toThrow('X.v1.note is not classified as plain, subject or personal')
})

const about = (shape: object) => () => new EventCatalog([new EventDef('X', 1, { of: subject('SubjectRef'), ...shape } as never)])
test.each<readonly [string, object]>([
  ['of a group', { g: group({ n: 'text' } as never) }],
  ['of a list', { g: list('text' as never) }],
  ['of an optional field', { g: optional('text' as never) }],
])('an unclassified field is found inside, %s', (_, shape) => {
  expect(about(shape)).toThrow(/X\.v1\.g(\.n)? is not classified/)
})
test.each<readonly [string, object]>([
  ['of a group', { g: group({ n: personal.text('nobody', 'ID') } as never) }],
  ['of a list', { g: list(personal.text('nobody', 'ID')) }],
  ['of an optional field', { g: optional(personal.text('nobody', 'ID')) }],
  ['which is a clear field', { nobody: count(), g: personal.text('nobody', 'ID') }],
  ['of a record', { nobody: count(), category: code('ID'), g: personal.record('nobody', 'category') }],
  ['which stands in a group beside it', { h: group({ nobody: subject('SubjectRef') }), g: personal.text('nobody', 'ID') }],
])('a value about nobody is found, %s', (_, shape) => {
  expect(about(shape)).toThrow(/about 'nobody', which is not a subject/)
})
test('a record takes its scope from a clear field beside it, not from one around it', () => {
  expect(about({ category: code('ID'), g: personal.record('of', 'category') })).not.toThrow()
  expect(about({ category: code('ID'), g: group({ r: personal.record('of', 'category') } as never) })).toThrow(
    "X.v1.g.r takes its scope from 'category', which is not a clear field",
  )
  expect(about({ category: optional(code('ID')), g: personal.record('of', 'category') })).toThrow('is not a clear field')
})
test('a group sees the subjects around it, and those of its own', () => {
  expect(about({ g: group({ n: personal.text('of', 'ID') } as never) })).not.toThrow()
  expect(
    about({ g: group({ who: subject('SubjectRef'), n: personal.text('who', 'ID'), m: personal.text('of', 'ID') } as never) }),
  ).not.toThrow()
})
