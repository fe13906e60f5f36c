import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { settingNames, toldOf } from '#hosting/settings-schema'

const root = process.cwd()
const begins = '| variable | what | default |\n|---|---|---|\n'
const table = settingNames.map(name => `| \`${name}\` | ${toldOf(name).says} | ${toldOf(name).unless} |\n`).join('')

test('the settings in README.md are those of the schema: node tools/write-document.mjs settings writes them', () => {
  const readme = readFileSync('README.md', 'utf8')
  const start = readme.indexOf(begins) + begins.length
  const end = readme.indexOf('\n\n', start) + 1
  expect(start).toBeGreaterThan(begins.length)
  if (process.env['CASELEDGER_WRITE_DOCUMENTS'] === '1') writeFileSync('README.md', readme.slice(0, start) + table + readme.slice(end))
  else expect(readme.slice(start, end)).toBe(table)
})
test('no part reads a setting of its own: each stands in the schema', () => {
  const read = ['libs', 'apps'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
      .flatMap(name =>
        [...readFileSync(join(root, folder, name), 'utf8').matchAll(/env\['([A-Z][A-Z0-9_]+)'\]/g)].map(([, setting = '']) => setting),
      ),
  )
  expect(read.length).toBeGreaterThan(4)
  expect([...new Set(read)].filter(name => name !== 'PATH' && !(settingNames as readonly string[]).includes(name))).toEqual([])
})
