import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { EventStoreChoice } from '#hosting/settings'
import type { TestSigner } from './ledger.js'
import type { world } from './world.js'

type Work = {
  readonly job: 'sequence' | 'publish' | 'sign' | 'export'
  readonly choice?: EventStoreChoice
  readonly folder?: string
  readonly lost?: string
  readonly asked?: string
}

/**
 * Does a piece of work in a process of its own, which is killed before its nth step. Answers whether it was, or came to its end before;
 * `steps` is told how many there were, where the work counts them.
 */
export async function killedAt(
  killAt: number,
  { asked = '', ...work }: Work,
  signer: TestSigner,
  w?: Awaited<ReturnType<typeof world>>,
  steps: (count: number) => void = () => undefined,
): Promise<'killed' | 'done'> {
  const told = JSON.stringify({
    ...work,
    killAt,
    urls: w?.database.urls,
    dir: w?.folder,
    signer: { folder: signer.folder, socket: signer.socket, origin: signer.origin, vkey: signer.key.vkey },
  })
  const child = spawn(process.execPath, [join(process.cwd(), 'test/support/killed-job.mjs'), told], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let [said, counted] = ['', '']
  child.stdout.on('data', (text: Buffer) => {
    counted += text.toString()
  })
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString()
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(asked)
  const [status, signal] = await new Promise<[number | null, string | null]>(resolve =>
    child.once('close', (...ended) => {
      resolve(ended)
    }),
  )
  if (signal === 'SIGKILL') return 'killed'
  if (status !== 0) throw new Error(`it ended with ${String(status)}: ${said}`)
  if (counted !== '') steps(Number(counted))
  return 'done'
}

/** CI has a quarter of an hour: it takes every fifth step. CASELEDGER_EVERY_STEP=1 takes each. */
const stride = process.env['CASELEDGER_EVERY_STEP'] === '1' ? 1 : 5

/**
 * Kills a piece of work before one step after the other, until it once comes to its end; `after` looks at what each killing left. Answers
 * how many there were.
 */
export async function killedStepByStep(
  once: (n: number) => Promise<'killed' | 'done'>,
  after: (n: number) => Promise<void>,
): Promise<number> {
  for (let [n, kills] = [1, 0]; n < 400; n += stride, kills++) {
    const ended = await once(n)
    await after(n)
    if (ended === 'done') return kills
  }
  throw new Error('it has more steps than are tried')
}

/**
 * So many steps, of which the last ones matter most: a few at the beginning and in between, and as many at the end as there is time for.
 */
export const stepsOf = (count: number): readonly number[] =>
  stride === 1
    ? Array.from({ length: count }, (_, n) => n + 1)
    : [1, 2, ...[1, 2, 3].map(part => Math.floor((count * part) / 4)), ...Array.from({ length: 6 }, (_, back) => count - back)]
