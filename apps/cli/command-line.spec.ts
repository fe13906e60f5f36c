import { spawnSync } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { UsageError, everywhere, valuesOf } from './command.js'
import { completionScript, shells } from './completion.js'
import { exitCodes } from './exit-codes.js'
import { help, helpOn } from './help.js'
import { commands } from './main.js'
import { Out } from './out.js'

const canary = 'Thistlewood-07700900123'
const required = (options: (typeof commands)[number]['options']) => Object.entries(options).filter(([, option]) => option.required)

test('every command is in the help, with every option and what it does', () => {
  expect(commands.length).toBeGreaterThan(15)
  for (const command of commands) {
    expect(help(commands)).toContain(`  caseledger ${command.name}`)
    for (const [option, { says }] of Object.entries({ ...command.options, ...everywhere }))
      expect(helpOn(command).replace(/\s+/g, ' ')).toContain(
        `--${option}${'takes' in (command.options[option] ?? {}) ? ` <${command.options[option]?.takes ?? ''}>` : ''} `
          + says.replace(/\s+/g, ' '),
      )
  }
  for (const { code, means } of Object.values(exitCodes)) expect(help(commands)).toContain(`${code}  ${means}`)
})
test('no command name is the beginning of another', () => {
  for (const one of commands) for (const other of commands) expect(one !== other && `${other.name} `.startsWith(`${one.name} `)).toBe(false)
})
describe.each(commands.map(command => [command.name, command] as const))('%s', (_, command) => {
  test('wrong words are refused, and never said again', () => {
    for (const words of [
      [`--${canary}`],
      [canary],
      ['--json', `--x=${canary}`],
      ...Object.entries(command.options).flatMap(([name, { oneOf, matches }]) =>
        oneOf || matches ? [[`--${name}`, `\u0000${canary}\n`]] : [],
      ),
    ]) {
      let refusal: unknown
      try {
        valuesOf(command, words)
      } catch (error) {
        refusal = error
      }
      expect(refusal).toBeInstanceOf(UsageError)
      expect((refusal as Error).message).not.toContain(canary)
    }
  })
  if (required(command.options).length > 0)
    test('what it needs is asked for by name', () => {
      expect(() => valuesOf(command, [])).toThrow(`--${required(command.options)[0]?.[0] ?? ''}`)
    })
})
test.each(shells)('the script for %s, run by bash, completes commands, options and closed lists of values', shell => {
  const ask = (...words: readonly string[]) =>
    spawnSync(
      'bash',
      [
        '-c',
        `${completionScript(commands, shell).replace(/^autoload.*$/m, '')}\nCOMP_WORDS=(caseledger "$@"); COMP_CWORD=$#; `
          + `_caseledger; echo "\${COMPREPLY[@]}"`,
        'bash',
        ...words,
      ],
      { encoding: 'utf8' },
    )
      .stdout.trim()
      .split(' ')
  expect(ask('')).toEqual([...new Set(commands.map(({ name }) => name.split(' ')[0])), 'help'])
  expect(ask('keys', 're')).toEqual(['reconcile', 'replace'])
  expect(ask('keys', 'rotate', '--')).toEqual(['--dry-run', '--json', '--help'])
  expect(ask('token', '--role', 'dp')).toEqual(['dpo'])
})
test('progress is a line where nobody watches, and an object with --json; neither is in the answer', () => {
  for (const [json, line] of [
    [false, 'people: 50 %, at 2 of 4\n'],
    [true, '{"progress":"people","done":"2","of":"4"}\n'],
  ] as const) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    new Out(json, { stdout, stderr }).progress({ what: 'people', done: 2n, of: 4n })
    expect([stdout.read(), String(stderr.read())]).toEqual([null, line])
  }
})
test('on a terminal progress is a bar, which is gone before the answer', () => {
  const [stdout, stderr] = [
    new PassThrough(),
    Object.assign(new PassThrough(), { isTTY: true, columns: 80, cursorTo: () => true, moveCursor: () => true, clearLine: () => true }),
  ]
  const out = new Out(false, { stdout, stderr })
  out.progress({ what: 'people', done: 2n, of: 4n })
  out.say({}, 'There are four.')
  expect([String(stdout.read()), String(stderr.read()).includes('50 %')]).toEqual(['There are four.\n', true])
})

const hostile = 'Mari\u001b[2J\u009b\u202egold'
test.each([
  [false, 'name  Mari\\u{1b}[2J\\u{9b}\\u{202e}gold\n'],
  [true, '{"name":"Mari\\u001b[2J\\u009b\\u202egold"}\n'],
])('what a value holds does nothing to the terminal that it is printed on (as JSON: %s)', (json, line) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const out = new Out(json, { stdout, stderr })
  out.say({ name: hostile }, `name  ${hostile}`)
  out.complain('failed', hostile)
  expect(String(stdout.read())).toBe(line)
  expect(/[\u001b\u009b\u202e]/.test(String(stderr.read()))).toBe(false)
})
