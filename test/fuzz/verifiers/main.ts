import { spawnSync } from 'node:child_process'
import { withoutInstallation } from '#hosting/settings'
import { startTestPostgres } from '#hosting/test-postgres'
import { fuzzVerifiers } from './fuzz-verifiers.js'

const usage = 'npm run fuzz -- verifiers [--mutations N, at most ten million] [--seed N] [--only N, one of them]\n'

/**
 * `npm run fuzz -- verifiers`: both verifiers of bundles, asked of the same ten thousand bundles that were changed. A difference ends it
 * with 1, and is told with the seed and number that make it again. Ctrl-C ends it early, with what was found so far.
 */
export async function main(args: readonly string[]): Promise<number> {
  const option = (name: string) => {
    const at = args.indexOf(name)
    return at === -1 ? undefined : Number(args[at + 1])
  }
  const [mutations, seed, only] = [option('--mutations') ?? 10_000, option('--seed') ?? Date.now() % 2 ** 31, option('--only')]
  if (!(mutations > 0 && mutations <= 10_000_000) || !Number.isInteger(seed) || !(only === undefined || Number.isInteger(only))) {
    process.stderr.write(usage)
    return 2
  }
  for (const command of ['python3', 'openssl'])
    if (spawnSync(command, ['version']).error) {
      process.stderr.write(`${command} is not here: the second verifier needs it.\n`)
      return 2
    }
  process.env = withoutInstallation(process.env)
  const [stop, postgres] = [new AbortController(), await startTestPostgres()]
  const cancel = () => {
    stop.abort()
  }
  process.once('SIGINT', cancel)
  process.env['CASELEDGER_TEST_POSTGRES'] = postgres.url
  try {
    const { differences, ...figures } = await fuzzVerifiers({
      seed,
      mutations,
      signal: stop.signal,
      tell: done => process.stderr.write(`${done} of ${mutations} mutations\n`),
      ...(only === undefined ? {} : { only }),
    })
    process.stdout.write(`${JSON.stringify({ fuzz: 'verifiers', seed, ...figures, differences: differences.length })}\n`)
    for (const one of differences) process.stdout.write(`${JSON.stringify(one)}\n`)
    const isHonest = Object.values(figures.honest).every(verdict => verdict === 'VERIFIED')
    return differences.length === 0 && (isHonest || only !== undefined) ? 0 : 1
  } finally {
    process.off('SIGINT', cancel)
    await postgres.stop()
  }
}
