import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { everywhere } from '../../apps/cli/command.js'
import { commands } from '../../apps/cli/main.js'

const root = process.cwd()
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
const tests = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(spec|test|contract|journey)\.ts$/.test(name))
    .map(name => textOf(join(folder, name)))

test('every threat names tests, and each of them exists', () => {
  const written = [...tests('libs'), ...tests('apps'), ...tests('test')].join('\n')
  const threats = textOf('docs/threat-model.md')
    .split('\n')
    .filter(line => /^\| [①②③④⑤⑥⑦—]/.test(line))
  expect(threats.length).toBeGreaterThan(30)
  for (const threat of threats) {
    const evidence = threat.split(' | ').at(-1) ?? ''
    const titles = [...evidence.matchAll(/`([^`]+)`/g)].map(([, title = '']) => title)
    if (evidence !== 'none: a limit |') expect([threat, titles.length > 0]).toEqual([threat, true])
    for (const title of titles)
      expect([title, [`'${title}'`, `\`${title}\``].some(quoted => written.includes(quoted))]).toEqual([title, true])
  }
})
test('every caseledger command that a document shows exists, with its options', () => {
  const shown = documents.flatMap(path =>
    [...textOf(path).matchAll(/npx caseledger ([^`\n"|)]+)/g)].map(([, words = '']) => [path, words.trim()] as const),
  )
  expect(shown.length).toBeGreaterThan(15)
  for (const [path, words] of shown) {
    if (words.startsWith('help')) continue
    const command = commands.find(({ name }) => `${words} `.startsWith(`${name} `))
    expect([path, words, command !== undefined]).toEqual([path, words, true])
    for (const [, option = ''] of words.matchAll(/--([a-z-]+)/g))
      expect([path, words, option, Object.keys({ ...command?.options, ...everywhere })]).toEqual([
        path,
        words,
        option,
        expect.arrayContaining([option]),
      ])
  }
})
test('every npm script that a document shows exists, and every script is in a document', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: Readonly<Record<string, string>> }
  const all = documents.map(textOf).join('\n')
  const shown = new Set(
    [...all.matchAll(/npm (?:run )?([a-z]+)/g)]
      .map(([, name = '']) => name)
      .filter(name => !['ci', 'install', 'audit', 'run', 'on', 'or', 'and'].includes(name)),
  )
  expect([...shown].filter(name => !(name in scripts))).toEqual([])
  expect(Object.keys(scripts).filter(name => !shown.has(name))).toEqual([])
})
test('each decision has a number of its own, which its heading says', () => {
  const files = readdirSync('docs/adr').sort()
  const headings = files.map(file => readFileSync(`docs/adr/${file}`, 'utf8').split('.', 1)[0])
  expect(headings).toEqual(files.map((_, n) => `# ${n + 1}`))
  expect(files.map(file => Number(file.slice(0, 4)))).toEqual(files.map((_, n) => n + 1))
})
