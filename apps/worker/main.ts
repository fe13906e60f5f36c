import { backendFromEnvironment, logOf, runProcess, stopping } from '#installation/child-process'
import { dataDir } from '#installation/data-dir'
import { serveMetrics } from '#telemetry/metrics-server'
import { startTracing } from '#telemetry/tracing'
import { runWorker } from './worker.js'

/** The worker's process. */
async function main() {
  const { signal } = stopping()
  const stopTracing = startTracing('caseledger-worker')
  const backend = await backendFromEnvironment(signal)
  const log = logOf('worker')
  const port = Number(process.env['CASELEDGER_WORKER_METRICS_PORT'] ?? 0)
  // Another worker on this machine may have the port: a stand-by without metrics is better than none.
  const server = port > 0 ? await serveMetrics(port, process.env['HOST'] ?? '127.0.0.1', () => backend.metrics.text()).catch((error: unknown) => { log.warn({ part: 'metrics', code: (error as { code?: unknown } | null)?.code }, 'the port for metrics is taken') }) : undefined
  process.send?.('ready')
  await runWorker(backend, dataDir(), log, signal)
  server?.close()
  await backend.close()
  await stopTracing()
}

runProcess('worker', main)
