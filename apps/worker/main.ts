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
  const port = Number(process.env['CASELEDGER_WORKER_METRICS_PORT'] ?? 0)
  const server = port > 0 ? await serveMetrics(port, process.env['HOST'] ?? '127.0.0.1', () => backend.metrics.text()) : undefined
  process.send?.('ready')
  await runWorker(backend, dataDir(), logOf('worker'), signal)
  server?.close()
  await backend.close()
  await stopTracing()
}

runProcess('worker', main)
