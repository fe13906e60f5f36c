import { Agent, request } from 'node:http'

/** What is asked, so many at a time, for so long, going round the requests. */
export type Asking = {
  readonly url: string
  readonly token: string
  readonly requests: readonly { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: string }[]
  readonly connections: number
  readonly seconds: number
}
/** Milliseconds that 95 of 100 answers took at most; and how many were not as they should. */
export type Asked = { readonly p95: number; readonly answered: number; readonly failed: number }

/** The readers' process. */
process.on('message', (asking: Asking) => {
  void run(asking).then(asked => {
    process.send?.(asked)
  })
})

async function run({ url, token, requests, connections, seconds }: Asking): Promise<Asked> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const until = performance.now() + seconds * 1_000
  const took: number[] = []
  let [next, failed] = [0, 0]
  const one = ({ method, path, body }: Asking['requests'][number]) =>
    new Promise<number>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
      const asked = request(new URL(path, url), { agent, method, headers }, answer => {
        answer.resume().once('end', () => {
          resolve(answer.statusCode ?? 0)
        })
      })
      asked.once('error', reject).end(body)
    })
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) {
        const start = performance.now()
        const status = await one(requests[next++ % requests.length] as Asking['requests'][number]).catch(() => 0)
        took.push(performance.now() - start)
        if (status !== 200) failed++
      }
    }),
  )
  agent.destroy()
  took.sort((a, b) => a - b)
  return { p95: took[Math.floor(took.length * 0.95)] ?? Infinity, answered: took.length, failed }
}
