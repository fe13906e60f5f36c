import { freemem } from 'node:os'
import { readFileSync } from 'node:fs'
import { withoutInstallation } from '#hosting/settings'
import { Standalone } from '../support/standalone.js'
import { fuzz } from './fuzz.js'
import { main as mainOfVerifiers } from './verifiers/main.js'

/** How much more the API may hold after the requests than after the first tenth of them, before it is said. */
const growthMb = 150

/** How long no request may keep all others waiting, on a machine that does nothing else. Said, and no finding: machines differ. */
const blockMs = 50

/**
 * `npm run fuzz [-- --requests N] [--seed N]`: against a Caseledger of its own. Findings end it with 1; slow requests and growth are
 * said.
 */
export async function main(args: readonly string[]): Promise<number> {
  if (args[0] === 'verifiers') return mainOfVerifiers(args.slice(1))
  const option = (name: string, otherwise: number) => {
    const at = args.indexOf(name)
    return at === -1 ? otherwise : Number(args[at + 1])
  }
  const [requests, seed] = [option('--requests', 10_000), option('--seed', Date.now() % 2 ** 31)]
  if (!(requests > 0 && requests <= 1_000_000) || !Number.isInteger(seed)) {
    process.stderr.write('npm run fuzz -- [--requests N, at most a million] [--seed N]\n')
    return 2
  }
  // It sends nonsense, and erases: never to the log of whoever calls it.
  process.env = withoutInstallation(process.env)
  const s = await Standalone.start()
  try {
    let early: number | undefined
    const summary = await fuzz(s, {
      seed,
      requests,
      tell: done => {
        if (done >= requests / 10) early ??= residentMb(s)
        process.stderr.write(`${done} of ${requests} requests\n`)
      },
    })
    const grown = residentMb(s) - (early ?? residentMb(s))
    const { findings, ...figures } = summary
    const memory = { grownMb: Math.round(grown), freeMb: Math.round(freemem() / 1_048_576) }
    process.stdout.write(`${JSON.stringify({ fuzz: 'http', seed, ...figures, ...memory, findings: findings.length })}\n`)
    for (const found of findings) process.stdout.write(`${JSON.stringify(found)}\n`)
    if (summary.slow > 0)
      process.stderr.write(
        `${summary.slow} requests took longer than a second, the slowest ${summary.slowest} ms. `
          + 'One with after= waits for five seconds by design.\n',
      )
    const { ms, by } = summary.longestBlock
    if (ms > blockMs)
      process.stderr.write(
        `The event loop stood for ${ms} ms, by request ${by}: nobody is answered meanwhile. At most ${blockMs} are meant.\n`,
      )
    if (grown > growthMb) process.stderr.write(`The API has grown by ${Math.round(grown)} MB.\n`)
    return findings.length === 0 ? 0 : 1
  } finally {
    await s.end()
  }
}

function residentMb(s: Standalone): number {
  const [pid] = s.children('api')
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) / 1_024
  } catch {
    return 0
  }
}
