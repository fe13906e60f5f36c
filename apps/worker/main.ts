import { backendFromEnvironment, logOf, stopping } from '#installation/child-process'
import { runWorker } from './worker.js'

/** The worker's process. */
async function main() {
  const { signal } = stopping()
  const backend = await backendFromEnvironment()
  process.send?.('ready')
  await runWorker(backend, logOf('worker'), signal)
  await backend.close()
}

main().then(() => { process.exit(0) }, (error: unknown) => {
  process.stderr.write(`The worker stopped: ${error instanceof Error ? error.message : 'unknown error'}\n`)
  process.exit(1)
})
