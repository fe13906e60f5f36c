import { readFileSync, writeFileSync } from 'node:fs'
import { clauses } from '#kernel/clauses'
import { clausesDocument, titlesThatNameClauses } from './clauses.js'

const file = 'docs/clauses.md'

test('docs/clauses.md says which rules keep which clause: npm run clauses writes it', async () => {
  const said = await clausesDocument()
  if (process.env['CASELEDGER_WRITE_DOCUMENTS'] === '1') writeFileSync(file, said)
  expect(readFileSync(file, 'utf8')).toBe(said)
})
test('a title names clauses that the notice has', () => {
  const titles = titlesThatNameClauses()
  expect(titles.length).toBeGreaterThan(100)
  expect(titles.filter(title => title.clauses.length === 0 || title.clauses.some(clause => !(clause in clauses)))).toEqual([])
})
