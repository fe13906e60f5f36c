import { Together } from './together.js'

/** Asks that are answered when told. */
function held() {
  const asked: { readonly questions: readonly number[]; readonly answer: () => void; readonly fail: () => void }[] = []
  const ask = (questions: readonly number[]) => new Promise<readonly string[]>((resolve, reject) => {
    asked.push({ questions, answer: () => { resolve(questions.map(String)) }, fail: () => { reject(new Error('away')) } })
  })
  return { asked, ask }
}

test('whoever comes while a question is on its way goes with the next one, and each gets its own answer', async () => {
  const { asked, ask } = held()
  const together = new Together(ask)
  const [first, second, third] = [together.one(1), together.one(2), together.one(3)]
  asked[0]?.answer()
  expect(await first).toBe('1')
  asked[1]?.answer()
  expect([await second, await third]).toEqual(['2', '3'])
  expect(asked.map(({ questions }) => questions)).toEqual([[1], [2, 3]])
})
test('a failure is that of its group only, and the next one is asked', async () => {
  const { asked, ask } = held()
  const together = new Together(ask, 1)
  const [first, second] = [together.one(1), together.one(2)]
  asked[0]?.fail()
  await expect(first).rejects.toThrow('away')
  asked[1]?.answer()
  expect(await second).toBe('2')
})
