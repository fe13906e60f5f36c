import { Restarts, type Verdict } from './restarts.js'

const pauses = (verdicts: readonly Verdict[]) => verdicts.map(one => ('pauseMs' in one ? one.pauseMs : one.givenUp))

test('one that is never ready is started again after longer and longer pauses, and then given up, with its reason', () => {
  const restarts = new Restarts('API', () => 0)
  const seen = Array.from({ length: 8 }, () => {
    restarts.said('The database is gone.')
    return restarts.ended('ITSELF')
  })
  expect(pauses(seen)).toEqual([
    400,
    400,
    800,
    1_600,
    3_200,
    6_400,
    10_000,
    'The API stopped 8 times before it was ready; the last time: The database is gone.',
  ])
})
test('one that was ready is started again soon, and given up when it ends all the time', () => {
  let now = 0
  const restarts = new Restarts('worker', () => now)
  const end = () => {
    restarts.ready()
    now += 1_000
    return restarts.ended('ITSELF')
  }
  const seen = Array.from({ length: 21 }, end)
  expect(pauses(seen).slice(0, 3)).toEqual([400, 600, 800])
  expect(pauses(seen).at(-1)).toBe('The worker stopped 21 times within a minute; the last time: its last lines above say why.')
  now += 120_000
  expect(pauses([end()])).toEqual([400])
})
test('being killed is no failure, however often', () => {
  const restarts = new Restarts('API', () => 0)
  const seen = Array.from({ length: 50 }, () => restarts.ended('SIGNAL'))
  expect(new Set(pauses(seen))).toEqual(new Set([200]))
})
test('one that would only fail again is not started again', () => {
  const restarts = new Restarts('API')
  restarts.said('It cannot listen on 127.0.0.1:3000.')
  expect(restarts.ended('FOR_GOOD')).toEqual({ givenUp: 'The API stopped for good: It cannot listen on 127.0.0.1:3000.' })
})
