/** The types of the command line's client, from docs/openapi.json. Run by prepare.mjs when the document has changed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'

const [from, to, stamp] = process.argv.slice(2)
const types = astToString(await openapiTS(JSON.parse(readFileSync(from, 'utf8'))))
mkdirSync(dirname(to), { recursive: true })
writeFileSync(to, `${stamp}\n${types}`)
