import { backendFromEnvironment } from '#backend/from-environment'
import { dataDir } from '#hosting/data-dir'
import { logOf, orLeft, runProcess, stopping } from '#hosting/own-process'
import { listeningPlace, workerMetricsPort } from '#hosting/settings'
import { serveMetrics } from '#telemetry/metrics-server'
import { startTracing } from '#telemetry/tracing'
import { runWorker } from './worker.js'

/** The worker's process. */
async function main() {
  const { signal } = stopping()
  const stopTracing = await startTracing('caseledger-worker')
  const backend = await backendFromEnvironment(signal)
  const log = logOf('worker')
  const port = workerMetricsPort()
  // Another worker on this machine may have the port: a stand-by without metrics is better than none.
  const server =
    port !== undefined
      ? await serveMetrics(port, listeningPlace().host, () => backend.metrics.text()).catch((error: unknown) => {
          log.warn({ part: 'metrics', code: (error as { code?: unknown } | null)?.code }, 'the port for metrics is taken')
        })
      : undefined
  process.send?.('ready')
  // Each of its parts goes on from where it stood, also where it was cut off.
  await orLeft(signal, runWorker(backend, dataDir(), log, signal))
  server?.close()
  await orLeft(signal, backend.close().then(stopTracing))
}

runProcess('worker', main)
