import { prepare } from './prepare.mjs'

prepare()
const { start } = await import('../dist/run/standalone/main.js')
try {
  await start()
} catch (error) {
  process.stderr.write(`Caseledger could not start: ${error instanceof Error ? error.message : 'unknown error'}\n`)
  process.exit(1)
}
