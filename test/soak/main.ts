import { type Store, soak } from './soak.js'

const usage = 'npm run soak -- [--store postgres|eventstoredb] [--seed N] [--seconds N, at most 3600]'
const say = (text: string) => {
  process.stderr.write(`${Math.round(performance.now() / 1_000)} s  ${text}\n`)
}

/**
 * `npm run soak`: ten minutes of faults, or as many seconds as asked. Ends with 1 when an answer was not the truth, or anything is
 * broken; with 130 on Ctrl-C.
 */
export async function main(args: readonly string[]): Promise<number> {
  const asked = optionsOf(args)
  if (!asked) {
    say(usage)
    return 2
  }
  if (asked.store === 'eventstoredb' && !process.env['EVENTSTOREDB_URL']) {
    say('--store eventstoredb needs EVENTSTOREDB_URL, such as esdb://127.0.0.1:2113?tls=false')
    return 2
  }
  const interrupted = new AbortController()
  const interrupt = () => {
    if (interrupted.signal.aborted) process.exit(130)
    say('Ending …')
    interrupted.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  say(
    `Soaking ${asked.store} for ${asked.seconds} seconds; the same faults again: `
      + `npm run soak -- --store ${asked.store} --seed ${asked.seed} --seconds ${asked.seconds}`,
  )
  try {
    const report = await soak({ ...asked, signal: interrupted.signal, say })
    if (!report) return 130
    process.stdout.write(`${JSON.stringify(report)}\n`)
    return Object.keys(report.lies).length === 0 && report.broken.length === 0 ? 0 : 1
  } catch (error) {
    if (interrupted.signal.aborted) return 130
    throw error
  }
}

function optionsOf(args: readonly string[]): { readonly store: Store; readonly seed: number; readonly seconds: number } | undefined {
  const given = new Map<string, string>()
  for (let n = 0; n < args.length; n += 2) given.set(args[n] ?? '', args[n + 1] ?? '')
  if ([...given.keys()].some(name => !['--store', '--seed', '--seconds'].includes(name))) return undefined
  const store = given.get('--store') ?? (process.env['CASELEDGER_EVENT_STORE'] || 'postgres')
  const [seed, seconds] = [Number(given.get('--seed') ?? Date.now() % 2 ** 31), Number(given.get('--seconds') ?? 600)]
  if ((store !== 'postgres' && store !== 'eventstoredb') || !Number.isInteger(seed) || !(seconds > 0 && seconds <= 3_600)) return undefined
  return { store, seed, seconds }
}
