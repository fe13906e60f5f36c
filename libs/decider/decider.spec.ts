import { type Evolve, type Happened, andThen, evolveOne, fold, slice } from './decider.js'
import { happened, specFor } from './spec.js'

type Counted = { readonly type: 'Counted'; readonly data: number }
type Named = { readonly type: 'Named'; readonly data: string }
const count: Evolve<number, Counted> = { Counted: (sum, more) => sum + more }
const counted = (n: number): Happened<Counted> => happened({ type: 'Counted', data: n }, { revision: BigInt(n) })

test('events are folded in their order', () => {
  const said: Evolve<string, Named> = { Named: (text, name, { revision }) => `${text}${name}${revision}` }
  expect(
    fold(
      said,
      '>',
      ['a', 'b'].map((data, n) => happened({ type: 'Named', data }, { revision: BigInt(n) })),
    ),
  ).toBe('>a0b1')
  expect(fold(count, 7, [])).toBe(7)
})
test('an event that no fold knows is never skipped', () => {
  expect(() => evolveOne(count, 0, { ...counted(1), type: 'Forgotten' } as never)).toThrow('No fold knows the event type Forgotten')
})
test('a slice changes its own part and nothing else', () => {
  const initial = { sum: 1, other: ['x'] }
  const after = fold(slice<typeof initial, 'sum', Counted>('sum', count), initial, [counted(2), counted(3)])
  expect(after).toEqual({ sum: 6, other: ['x'] })
  expect([after.other, initial.sum]).toEqual([initial.other, 1])
})
test('two concerns hear the same event, one after the other, and where it stands', () => {
  const both = andThen(
    (state: string, data: number, { revision }) => `${state}|${data}@${revision}`,
    (state, data) => `${state}/${data}`,
  )
  expect(both('', 3, counted(3).meta)).toBe('|3@3/3')
})
test('the harness tells what follows from what does not', () => {
  const { given } = specFor<number, Counted>({ initial: 0, evolve: count })
  const decided = given({ type: 'Counted', data: 2 }).when(sum => ({ ok: true as const, value: [{ type: 'Counted' as const, data: sum }] }))
  decided.then({ type: 'Counted', data: 2 })
  expect(() => {
    decided.then({ type: 'Counted', data: 3 })
  }).toThrow()
  expect(() => {
    decided.thenNothing()
  }).toThrow()
  expect(() => {
    decided.thenRefused({ code: 'X' })
  }).toThrow()
  const no = given().when(() => ({ ok: false as const, refusal: { code: 'X' } }))
  no.thenRefused({ code: 'X' })
  expect(() => {
    no.thenRefused({ code: 'Y' })
  }).toThrow()
  expect(() => {
    no.thenNothing()
  }).toThrow()
  expect(() => no.events()).toThrow('refused: {"code":"X"}')
})
