import fc from 'fast-check'
import type { JsonValue } from '#kernel/json'
import { canonicalJson } from './canonical.js'
import { isCanonicalText } from './canonical-text.js'

const isWrittenAgainAs = (text: string) => {
  try {
    return canonicalJson(JSON.parse(text) as JsonValue) === text
  } catch {
    return false
  }
}

test.each([
  '{}',
  '[]',
  '{"a":1,"b":[true,false,null,{"c":""}],"d":-7}',
  '"text"',
  '0',
  '-10',
  '999999999999999',
  '9007199254740991',
  '0.5',
  '1e-7',
  '{"10":1,"9":2}',
  '{"a":1,"aa":2,"b":3}',
  '{"é":"ü"}',
  '{"a":"\\n\\u0001\\"\\\\"}',
  '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]',
])('is canonical: %s', text => {
  expect([isCanonicalText(text), isWrittenAgainAs(text)]).toEqual([true, true])
})
test.each([
  '',
  ' {}',
  '{} ',
  '{"a": 1}',
  '{"a":\n1}',
  '{"b":1,"a":1}',
  '{"aa":1,"a":1}',
  '{"a":1,"a":1}',
  '{"a":1,"a":2}',
  '{"":1,"":1}',
  '{"a":1,}',
  '{,}',
  '[1,]',
  '[,1]',
  '[1 ,2]',
  '{"a"}',
  '{"a":}',
  '{a:1}',
  '{"a":1',
  '{"a":1}}',
  '{"a":1]',
  '["a"',
  '"a',
  '01',
  '-0',
  '-01',
  '-',
  '+1',
  '1.0',
  '1e2',
  '9007199254740993',
  '1000000000000000000000',
  'True',
  'nul',
  'truefalse',
  '{"a":"\\u0061"}',
  '{"a":"\\/"}',
  '{"a":"\t"}',
  '{"a":"\u0000"}',
])('is not canonical: %j', text => {
  expect([isCanonicalText(text), isWrittenAgainAs(text)]).toEqual([false, false])
})

test('with one character put in, changed or taken out it is what is found by writing it again', () => {
  const change = fc.record({
    at: fc.nat(),
    by: fc.constantFrom(...'"{}[]:,-01239.e ab\\ \n'),
    how: fc.constantFrom('put in', 'changed', 'taken out'),
  })
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), change, (value, { at, by, how }) => {
      const text = JSON.stringify(value)
      expect(isCanonicalText(text)).toBe(isWrittenAgainAs(text))
      const place = at % text.length
      const changed = text.slice(0, place) + (how === 'taken out' ? '' : by) + text.slice(place + (how === 'put in' ? 0 : 1))
      expect([changed, isCanonicalText(changed)]).toEqual([changed, isWrittenAgainAs(changed)])
    }),
    { numRuns: 1_000 },
  )
})
