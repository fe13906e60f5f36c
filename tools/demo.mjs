import { prepare } from './prepare.mjs'

prepare()
const { demo } = await import('../dist/apps/cli/demo.js')
process.exitCode = await demo()
