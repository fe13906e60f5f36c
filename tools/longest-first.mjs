import { statSync } from 'node:fs'

/**
 * In which order Jest runs its files. Journeys, lives and upgrades are small ones that take minutes: they come first, so that no worker is
 * left alone with one at the end.
 */
export default class LongestFirst {
  sort(tests) {
    const weight = ({ path }) => (/\/test\/(journeys|simulation|upgrade)\//.test(path) ? Number.MAX_SAFE_INTEGER : statSync(path).size)
    const weights = new Map(tests.map(test => [test, weight(test)]))
    return tests.toSorted((one, other) => weights.get(other) - weights.get(one))
  }
  shard(tests) {
    return tests
  }
  allFailedTests(tests) {
    return tests
  }
  cacheResults() {}
}
