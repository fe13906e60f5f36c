import { Batched } from './batched.js'

/** Asks that are answered when told. */
function held() {
  const asked: { readonly questions: readonly number[]; readonly answer: () => void; readonly fail: () => void }[] = []
  const ask = (questions: readonly number[]) =>
    new Promise<readonly string[]>((resolve, reject) => {
      asked.push({
        questions,
        answer: () => {
          resolve(questions.map(String))
        },
        fail: () => {
          reject(new Error('away'))
        },
      })
    })
  return { asked, ask }
}

const turn = () =>
  new Promise<void>(resolve => {
    setImmediate(resolve)
  })

test('whoever comes in the same turn goes together, whoever comes later with the next one, and each gets its own answer', async () => {
  const { asked, ask } = held()
  const together = new Batched(ask)
  const [first, second] = [together.one(1), together.one(2)]
  await turn()
  const [third, fourth] = [together.one(3), together.one(4)]
  asked[0]?.answer()
  expect([await first, await second]).toEqual(['1', '2'])
  await turn()
  asked[1]?.answer()
  expect([await third, await fourth]).toEqual(['3', '4'])
  expect(asked.map(({ questions }) => questions)).toEqual([
    [1, 2],
    [3, 4],
  ])
})
test('a failure is that of its group only, and the next one is asked', async () => {
  const { asked, ask } = held()
  const together = new Batched(ask, 1)
  const [first, second] = [together.one(1), together.one(2)]
  await turn()
  asked[0]?.fail()
  await expect(first).rejects.toThrow('away')
  await turn()
  asked[1]?.answer()
  expect(await second).toBe('2')
})
