import { createHash, timingSafeEqual } from 'node:crypto'
import { type Server, createServer } from 'node:http'
import { metricsType } from './metrics.js'

const digest = (text: string) => createHash('sha256').update(text).digest()

/**
 * Who may read metrics: the bearer of CASELEDGER_METRICS_TOKEN where it is set; everybody who reaches the port where it is not; in
 * production never without.
 */
export function mayReadMetrics(authorization: string | undefined, env: NodeJS.ProcessEnv = process.env): boolean {
  const token = env['CASELEDGER_METRICS_TOKEN']
  if (!token) return env['NODE_ENV'] !== 'production'
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))
}

/** A port of its own for a process that has no other: GET /metrics and nothing else. */
export function serveMetrics(port: number, host: string, text: () => Promise<string>): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics' || !mayReadMetrics(request.headers.authorization)) {
      response.writeHead(404).end()
      return
    }
    text().then(
      body => {
        response.writeHead(200, { 'Content-Type': metricsType, 'Cache-Control': 'no-store' }).end(body)
      },
      () => {
        response.writeHead(503).end()
      },
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      resolve(server)
    })
  })
}
