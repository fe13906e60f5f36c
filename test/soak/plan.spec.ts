import { type Can, type Fault, faultsOf, longestStall, namesOf, wordsFor } from './plan.js'
import { canBeDone } from './parts.js'

const everything = canBeDone('eventstoredb', { pidFile: 'pid', restart: 'restart' })
const first = (count: number, seed: number, can: Can = everything): readonly Fault[] => {
  const faults = faultsOf(seed, can)
  return Array.from({ length: count }, () => faults.next().value)
}

test('the same seed gives the same faults: what, whom, how long and when', () => {
  expect(first(300, 7)).toEqual(first(300, 7))
})
test('another seed gives others', () => {
  expect(first(5, 7).map(wordsFor)).not.toEqual(first(5, 8).map(wordsFor))
})
test('a seed means what it meant: its first faults are written down here', () => {
  expect(first(3, 7).map(wordsFor)).toEqual([
    'under load, stall PostgreSQL after 625 ms for 5461 ms',
    'at rest, stall EventStoreDB after 236 ms for 5047 ms, kill signer after 641 ms',
    'under load, kill EventStoreDB after 1095 ms for 1661 ms, '
      + 'stall worker after 816 ms for 11626 ms, stall signer after 1105 ms for 10104 ms',
  ])
})
test('every part is killed and stalled, alone and together, under load, at rest and starting, and everything at once', () => {
  const names = new Set(first(400, 1).flatMap(namesOf))
  const parts = ['EventStoreDB', 'API', 'worker', 'signer', 'PostgreSQL']
  expect([...names].sort()).toEqual(
    [
      ...parts.flatMap(part => [`kill ${part}`, `stall ${part}`]),
      'alone',
      'two together',
      'three together',
      'under load',
      'at rest',
      'while starting',
      'stop everything, start it',
      'kill everything, start it',
    ].sort(),
  )
})
test('a stall lasts from one to twelve seconds, and nobody is struck twice in one fault', () => {
  for (const { blows } of first(400, 1)) {
    expect(new Set(blows.map(({ part }) => part)).size).toBe(blows.length)
    for (const { what, forMs } of blows) if (what === 'stall') expect([forMs >= 1_000, forMs <= longestStall]).toEqual([true, true])
  }
})
test('only what starts anew is struck while it starts', () => {
  for (const { when, first: before } of first(400, 1)) expect(before === 'nothing').toBe(when !== 'while starting')
})
test('an EventStoreDB that nobody can start is not killed, one of no known pid is not stalled, one of neither is left alone', () => {
  const done = (pidFile: string | undefined, restart: string | undefined, store = 'eventstoredb') =>
    [
      ...new Set(
        first(400, 1, canBeDone(store, { pidFile, restart }))
          .flatMap(namesOf)
          .filter(name => name.includes('EventStoreDB')),
      ),
    ].sort()
  expect(done('pid', 'restart')).toEqual(['kill EventStoreDB', 'stall EventStoreDB'])
  expect(done(undefined, 'restart')).toEqual(['kill EventStoreDB'])
  expect(done('pid', undefined)).not.toContain('kill EventStoreDB')
  expect(done(undefined, undefined)).toEqual([])
  expect(done('pid', 'restart', 'postgres')).toEqual([])
})
