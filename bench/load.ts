import { randomUUID } from 'node:crypto'
import autocannon from 'autocannon'

export type Load = {
  readonly url: string
  readonly token: string
  readonly paths: readonly string[]
  readonly body: string
  readonly connections: number
  readonly seconds: number
  /** All connections together; as many as are answered, where it is not given. */ readonly perSecond?: number
}

/** The client's process: so many connections, each with a command of its own at a time, going round the paths. */
process.on('message', (load: Load) => {
  void run(load).then(said => {
    process.send?.(said)
  })
})

async function run({ url, token, paths, body, connections, seconds, perSecond }: Load) {
  let n = 0
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    method: 'POST',
    headers,
    body,
    ...(perSecond === undefined ? {} : { overallRate: perSecond }),
    requests: [
      {
        setupRequest: request => ({
          ...request,
          path: paths[n++ % paths.length],
          headers: { ...headers, 'idempotency-key': randomUUID() },
        }),
      },
    ],
  })
  return { perSecond: result['2xx'] / result.duration, failed: result.non2xx + result.errors + result.timeouts }
}
