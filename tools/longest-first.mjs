import { statSync } from 'node:fs'

/**
 * In which order Jest runs its files. The journeys are small ones that take minutes: they come first, so that no worker is left alone with
 * one at the end.
 */
export default class LongestFirst {
  sort(tests) {
    const weight = ({ path }) => (path.includes('/test/journeys/') ? Infinity : statSync(path).size)
    return tests
      .map(test => ({ test, weight: weight(test) }))
      .sort((one, other) => (one.weight === other.weight ? 0 : other.weight - one.weight))
      .map(({ test }) => test)
  }
  shard(tests) {
    return tests
  }
  allFailedTests(tests) {
    return tests
  }
  cacheResults() {}
}
