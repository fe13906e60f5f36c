import { prepare } from './prepare.mjs'

prepare()
const { main } = await import('../dist/bench/seed.js')
process.exitCode = await main(process.argv.slice(2))
