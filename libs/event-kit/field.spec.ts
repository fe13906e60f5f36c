import { z } from 'zod'
import {
  ClearField,
  type Field,
  PersonalField,
  category,
  code,
  count,
  date,
  digestOfSealed,
  fieldCode,
  flag,
  id,
  instant,
  list,
  notPersonal,
  personal,
  policyCode,
  position,
  subject,
} from './field.js'

const takes = (field: Field, value: unknown) => {
  if (!(field instanceof ClearField || field instanceof PersonalField)) throw new TypeError('a field with a schema of its own')
  return field.schema.safeParse(value).success
}
const many = (text: string, times: number) => text.repeat(times)
const uuid = '00000000-0000-4000-8000-00000000000a'

/** What each field takes, and what it refuses: each refusal is one character, or one step, away from what is taken. */
const fields: readonly (readonly [string, Field, readonly unknown[], readonly unknown[]])[] = [
  ['an id', id('X'), [uuid], ['', 'x', `${uuid}0`, uuid.slice(1), ` ${uuid}`, `${uuid}\n`, 7]],
  ['a subject', subject('SubjectRef'), [uuid], ['', `${uuid}0`, uuid.slice(1), 7]],
  ['a code', code('YES', 'NO'), ['YES', 'NO'], ['yes', 'YES ', ' YES', '', 'YESNO', 7]],
  ['a category', category(), ['ID', 'DEM-G', 'SG'], ['id', 'DEM', 'ANON', '', 'IDX']],
  [
    'a policy code',
    policyCode(),
    ['a', '7', 'A_b.c-9', `A${many('a', 63)}`],
    ['', '_a', '-a', '.a', 'a b', 'aé', 'a/', ' a', 'a ', 'a\n', `A${many('a', 64)}`, 7],
  ],
  [
    'a field code',
    fieldCode(),
    ['ID.name', 'DEM-SL.x', 'DEM-G.x', 'EMP.aB9', 'ID.a', `ID.a${many('b', 39)}`],
    [
      'I.name',
      'IDEN.name',
      'id.name',
      'ID.Name',
      'ID.9',
      'ID.',
      'ID',
      'ID.na-me',
      'DEM-.x',
      'DEM-SLX.x',
      'DEM-sl.x',
      'xID.name',
      ' ID.name',
      'ID.name ',
      'ID.name.first',
      `ID.a${many('b', 40)}`,
    ],
  ],
  [
    'an instant',
    instant(),
    ['2026-11-01T09:00:00Z', '2026-11-01T09:00:00.123Z'],
    ['2026-11-01', '2026-11-01T09:00:00', '2026-11-01T09:00:00+01:00', '2026-02-30T09:00:00Z', '', 0],
  ],
  ['a date', date(), ['2026-11-01', '2024-02-29'], ['2026-02-29', '2026-11-1', '2026-11-01T09:00:00Z', '', 0]],
  ['a count', count(), [0, 1, 2 ** 53 - 1], [-1, 0.5, 2 ** 53, '1', Number.NaN]],
  ['a flag', flag(), [true, false], ['true', 0, 1, null]],
  [
    'a position',
    position(),
    ['0', '7', '10', many('9', 19)],
    ['', '00', '07', '-1', '1.5', ' 1', '1 ', '1\n', 'x1', '1x', many('9', 20), 1],
  ],
  [
    'a digest of sealed bytes',
    digestOfSealed(),
    [many('A', 43), `_-${many('z', 41)}`],
    [many('A', 42), many('A', 44), `${many('A', 42)}=`, `${many('A', 42)}+`, ` ${many('A', 43)}`, `${many('A', 43)}\n`],
  ],
  ['personal text', personal.text('subjectRef', 'ID'), ['a', many('a', 10_000), 'Zoë'], ['', many('a', 10_001), 7]],
  ['a personal date', personal.date('subjectRef', 'ID'), ['1987-04-03'], ['1987-02-30', '3 April 1987', '']],
]
describe.each(fields)('%s', (_, field, taken, refused) => {
  test.each(taken.map(value => [JSON.stringify(value).slice(0, 60), value]))('takes %s', (_name, value) => {
    expect(takes(field, value)).toBe(true)
  })
  test.each(refused.map(value => [JSON.stringify(value).slice(0, 60), value]))('refuses %s', (_name, value) => {
    expect(takes(field, value)).toBe(false)
  })
})
const clear = fields.flatMap(([name, field, taken, refused]) =>
  field instanceof ClearField ? [[name, field as ClearField<unknown>, taken, refused] as const] : [],
)
test.each(clear)('%s is taken without asking the schema, and only what the schema answers as it is', (_, field, taken, refused) => {
  for (const value of taken) expect([value, field.fits(value), field.parse(value)]).toEqual([value, true, field.schema.parse(value)])
  for (const value of [...refused, undefined, null, {}, [], [taken[0]]]) {
    expect([value, field.fits(value)]).toEqual([value, false])
    expect(() => field.parse(value)).toThrow()
  }
})
test('a field without a short cut asks its schema', () => {
  const text = notPersonal(z.string().max(3).toUpperCase(), 'ADR-4')
  expect(text.parse('abc')).toBe('ABC')
  expect(() => text.parse('abcd')).toThrow()
})
test('an id is kept in lower case, so that one thing has one id', () => {
  expect(id('X').parse(uuid.toUpperCase())).toBe(uuid)
  expect(subject('SubjectRef').parse(uuid.toUpperCase())).toBe(uuid)
})
test('a list has a limit, 200 where none is named', () => {
  expect([list(id('X')).max, list(id('X'), 20).max]).toEqual([200, 20])
})
