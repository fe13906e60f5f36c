import { Personal } from '#kernel/personal'

const [one, same, other] = [Personal.of('bees'), Personal.of('bees'), Personal.of('wasps')]
test('tests compare values about a person by what they hold', () => {
  expect({ words: one }).toEqual({ words: same })
  expect({ words: one }).not.toEqual({ words: other })
  expect([{ words: one, more: 1 }]).toMatchObject([{ words: same }])
  expect([{ words: one, more: 1 }]).not.toMatchObject([{ words: other }])
})
test('one that is expected is not matched by none', () => {
  for (const words of [undefined, null, 3, {}]) expect({ words }).not.toMatchObject({ words: one })
  expect({ words: one }).toEqual({ words: expect.anything() as unknown })
})
