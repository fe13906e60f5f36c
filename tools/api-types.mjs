/** The types of the command line's client, from docs/openapi.json. Run by prepare.mjs when the document has changed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'

const [from, to, stamp] = process.argv.slice(2)
/** It asks for JSON, so that lines are no answer to it. */
const asked = JSON.parse(readFileSync(from, 'utf8'), (key, value) => {
  if (key === 'content') delete value['application/x-ndjson']
  return value
})
const types = astToString(await openapiTS(asked))
mkdirSync(dirname(to), { recursive: true })
writeFileSync(to, `${stamp}\n${types}`)
