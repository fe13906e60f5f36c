import { StreamBusy, Turns } from './turns.js'

/** Work that is done when it is told to be. */
function held() {
  let end: (failed?: Error) => void = () => undefined
  const work = new Promise<void>((resolve, reject) => {
    end = failed => {
      if (failed) reject(failed)
      else resolve()
    }
  })
  return { work: () => work, end }
}
const settled = () => new Promise(resolve => setImmediate(resolve))
const long = 60_000

test('each has its turn in the order in which they came, and knows whether others were before', async () => {
  const turns = new Turns()
  const order: (readonly [number, boolean])[] = []
  await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      turns.take('one', long, async waited => {
        await settled()
        order.push([n, waited])
      }),
    ),
  )
  expect(order).toEqual(Array.from({ length: 10 }, (_, n) => [n, n > 0]))
})
test('never two at once on one stream; on another nobody waits', async () => {
  const turns = new Turns()
  const [first, other] = [held(), held()]
  const done: string[] = []
  const one = turns.take('one', long, first.work).then(() => done.push('first'))
  const two = turns.take('one', long, () => Promise.resolve(done.push('second')))
  const elsewhere = turns.take('another', long, other.work).then(() => done.push('other'))
  other.end()
  await elsewhere
  await settled()
  expect(done).toEqual(['other'])
  first.end()
  await Promise.all([one, two])
  expect(done).toEqual(expect.arrayContaining(['other', 'first', 'second']))
})
test('work that fails keeps nobody waiting', async () => {
  const turns = new Turns()
  const failing = held()
  const one = turns.take('one', long, failing.work)
  const two = turns.take('one', long, () => Promise.resolve('done'))
  failing.end(new Error('it failed'))
  await expect(one).rejects.toThrow('it failed')
  expect(await two).toBe('done')
  expect(await turns.take('one', long, waited => Promise.resolve(waited))).toBe(false)
})
test('whose turn does not come in time is told, and the others keep theirs', async () => {
  const turns = new Turns()
  const first = held()
  const one = turns.take('one', long, first.work)
  const impatient = turns.take('one', 1, () => Promise.resolve('never'))
  const patient = turns.take('one', long, () => Promise.resolve('done'))
  await expect(impatient).rejects.toBeInstanceOf(StreamBusy)
  first.end()
  await one
  expect(await patient).toBe('done')
})
test('whoever keeps the turn for longer than its time loses it: work that never ends stops nobody', async () => {
  const turns = new Turns()
  const dead = held()
  const one = turns.take('one', 1, dead.work)
  expect(await turns.take('one', long, () => Promise.resolve('done'))).toBe('done')
  dead.end()
  await one
  expect(await turns.take('one', long, waited => Promise.resolve(waited))).toBe(false)
})
test('no more wait than there is room for', async () => {
  const turns = new Turns(2)
  const first = held()
  const taken = [first.work, () => Promise.resolve(), () => Promise.resolve()].map(work => turns.take('one', long, work))
  await expect(turns.take('one', long, () => Promise.resolve())).rejects.toBeInstanceOf(StreamBusy)
  first.end()
  await Promise.all(taken)
})
