import { backendFromEnvironment, logOf, runProcess, stopping } from '#installation/child-process'
import { dataDir } from '#installation/data-dir'
import { runWorker } from './worker.js'

/** The worker's process. */
async function main() {
  const { signal } = stopping()
  const backend = await backendFromEnvironment(signal)
  process.send?.('ready')
  await runWorker(backend, dataDir(), logOf('worker'), signal)
  await backend.close()
}

runProcess('worker', main)
