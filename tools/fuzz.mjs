import { prepare } from './prepare.mjs'

prepare()
const { main } = await import('../dist/test/fuzz/main.js')
process.exitCode = await main(process.argv.slice(2))
