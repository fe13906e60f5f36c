import { readFileSync, writeFileSync } from 'node:fs'
import { apiDocument } from '../../apps/api/openapi.js'

const file = 'docs/openapi.json'

test('docs/openapi.json is what the API says of itself: npm run openapi writes it', async () => {
  const said = `${JSON.stringify(await apiDocument(), null, 1)}\n`
  if (process.env['CASELEDGER_WRITE_DOCUMENTS'] === '1') writeFileSync(file, said)
  // As JSON first: then a difference is shown where it is.
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(said))
  expect(readFileSync(file, 'utf8') === said).toBe(true)
})
