import { type Command, type Options, everywhere, groups, usageOf } from './command.js'
import { exitCodes } from './exit-codes.js'

const folded = (text: string, indent: string) => text.replace(/(.{1,96})(?:\s+|$)/g, `${indent}$1\n`).trimEnd()
const endings = () => Object.values(exitCodes).map(({ code, means }) => `  ${String(code).padStart(3)}  ${means}`)

export const help = (commands: readonly Command[]): string =>
  [
    'caseledger: for operators and auditors',
    '',
    ...Object.entries(groups).flatMap(([group, title]) => [
      `${title}:`,
      ...commands
        .filter(command => command.group === group)
        .flatMap(command => [`  caseledger ${usageOf(command)}`, folded(command.summary, '      ')]),
      '',
    ]),
    'Every command but completion takes --json, and --help for its options. '
      + 'It works on the installation that the settings in README.md name;',
    'with --service it asks a running one. caseledger completion --shell bash prints what a shell needs to complete all this.',
    '',
    'Exit codes:',
    ...endings(),
    '',
  ].join('\n')

export const helpOn = (command: Command): string => {
  const options: Options = { ...command.options, ...everywhere }
  return [
    `caseledger ${usageOf(command)}`,
    '',
    folded(command.summary, '  '),
    '',
    ...Object.entries(options).flatMap(([name, { takes, says, oneOf }]) => [
      `  --${name}${takes === undefined ? '' : ` <${takes}>`}`,
      folded(says, '      '),
      ...(oneOf ? [folded(`One of ${oneOf.join(', ')}.`, '      ')] : []),
    ]),
    '',
    'Exit codes:',
    ...endings(),
    '',
  ].join('\n')
}
