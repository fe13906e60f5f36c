import { prepare } from './prepare.mjs'

prepare()
const { main } = await import('../dist/test/soak/main.js')
process.exitCode = await main(process.argv.slice(2))
