import { prepare } from './prepare.mjs'

prepare()
const { start } = await import('../dist/apps/standalone/main.js')
await start()
