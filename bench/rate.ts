import { randomBytes, randomUUID } from 'node:crypto'

export type Measurement = {
  readonly bench: string
  readonly case: string
  readonly ours: number
  readonly baseline: number
  readonly ratio: number
  readonly unit: string
}
export type Pair = { readonly ours: number; readonly baseline: number }

/** Made once, so that the run measures appending and not the making of random text. With its metadata an event has 300 bytes. */
export const payload = { text: randomBytes(100).toString('hex'), n: 1 }
export const metadata = { by: 'bench', at: '2026-11-01T09:00:00.000Z', purpose: 'SERVICE_PROVISION' }

/** Events a second that so many callers get done, each on a stream of its own and waiting for its own answer. */
export async function rate(callers: number, forSeconds: number, one: (stream: string, n: number) => Promise<unknown>): Promise<number> {
  const start = performance.now()
  const until = start + forSeconds * 1_000
  const counts = await Promise.all(
    Array.from({ length: callers }, async () => {
      const stream = `bench-${randomUUID()}`
      let n = 0
      while (performance.now() < until) await one(stream, n++)
      return n
    }),
  )
  return counts.reduce((sum, n) => sum + n, 0) / ((performance.now() - start) / 1_000)
}

/** Both sides in turn, so that what disturbs the machine disturbs both. */
export async function interleaved(rounds: number, baseline: () => Promise<number>, ours: () => Promise<number>): Promise<readonly Pair[]> {
  const pairs: Pair[] = []
  for (let n = 0; n < rounds; n++) pairs.push({ baseline: await baseline(), ours: await ours() })
  return pairs
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** The medians of interleaved pairs; the ratio is the median of the pairs' own. */
export const measured = (bench: string, which: string, pairs: readonly Pair[], unit = 'events/s'): Measurement => ({
  bench,
  case: which,
  ours: Math.round(median(pairs.map(pair => pair.ours))),
  baseline: Math.round(median(pairs.map(pair => pair.baseline))),
  ratio: Number(median(pairs.map(pair => pair.ours / pair.baseline)).toFixed(2)),
  unit,
})

/** Against the limit that a design gives, where there is nothing to measure beside. */
export const limited = (bench: string, which: string, ours: number, limit: number, unit: string): Measurement => ({
  bench,
  case: which,
  ours: Math.round(ours * 100) / 100,
  baseline: limit,
  ratio: Number((ours / limit).toFixed(2)),
  unit,
})
