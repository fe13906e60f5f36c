import { randomUUID } from 'node:crypto'
import { WideMap } from './wide-map.js'

test('it holds what a map holds, and no version of it ever changes', () => {
  const ids = Array.from({ length: 500 }, () => randomUUID())
  let wide = WideMap.empty<number>()
  const versions: WideMap<number>[] = []
  for (const [n, id] of ids.entries()) {
    versions.push(wide)
    wide = wide.with(id, n).with(id, n + 1)
  }
  expect([wide.size, [...wide.values()].sort((a, b) => a - b)]).toEqual([500, ids.map((_, n) => n + 1)])
  for (const [n, version] of versions.entries())
    expect([version.size, version.get(ids[n] ?? ''), version.has(ids[n] ?? ''), version.get(ids[n - 1] ?? '')]).toEqual([
      n,
      undefined,
      false,
      n === 0 ? undefined : n,
    ])
})
test('what is not there is not there', () => {
  expect([WideMap.empty().get('x'), WideMap.empty().has('x')]).toEqual([undefined, false])
})
