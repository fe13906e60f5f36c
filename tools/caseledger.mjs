#!/usr/bin/env node
import { prepare } from './prepare.mjs'

prepare()
const { main } = await import('../dist/run/cli/main.js')
process.exitCode = await main(process.argv.slice(2))
