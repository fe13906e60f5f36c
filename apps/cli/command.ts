import { parseArgs } from 'node:util'
import type { Ending } from './exit-codes.js'
import type { Out } from './out.js'

/** An option takes a value that `takes` names, or is a switch. */
export type Option = {
  readonly says: string
  readonly takes?: string
  readonly required?: true
  readonly oneOf?: readonly string[]
  readonly matches?: RegExp
}
export type Options = Readonly<Record<string, Option>>
type ValueOf<O extends Option> = O extends { readonly takes: string }
  ? O extends { readonly required: true }
    ? string
    : string | undefined
  : boolean
export type Values<O extends Options> = { readonly [N in keyof O]: ValueOf<O[N]> }

export const groups = {
  audit: 'Look into the record',
  service: 'Look after a running service',
  keys: 'Keys and the vault',
  installation: 'This installation',
} as const
export type Command = {
  /** One or two words. */
  readonly name: string
  readonly group: keyof typeof groups
  readonly summary: string
  readonly options: Options
  readonly run: (values: never, out: Out) => Promise<Ending>
}

/** A command: its usage, its help, its completion and the type of what it is run with follow from its options. */
export const command = <const O extends Options>(
  one: Omit<Command, 'run' | 'options'> & { readonly options: O; readonly run: (values: Values<O>, out: Out) => Promise<Ending> },
): Command => one

/** The words of the command line are wrong; the answer says what would be right. */
export class UsageError extends Error {}

/** Every command has these. */
export const everywhere = {
  json: { says: 'One JSON object a line instead of words.' },
  help: { says: 'What the command does, and its options.' },
} as const satisfies Options

/** @throws UsageError, which never repeats what was typed. */
export function valuesOf({ name, options }: Command, words: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
  const all: Options = { ...options, ...everywhere }
  let values: Readonly<Record<string, string | boolean | undefined>>
  try {
    values = parseArgs({
      args: [...words],
      strict: true,
      allowPositionals: false,
      options: Object.fromEntries(
        Object.entries(all).map(([option, { takes }]) => [
          option,
          { type: takes === undefined ? ('boolean' as const) : ('string' as const) },
        ]),
      ),
    }).values
  } catch {
    throw new UsageError(
      `The options of ${name} are ${Object.keys(all)
        .map(option => `--${option}`)
        .join(', ')}.`,
    )
  }
  if (values['help'] === true) return values
  for (const [option, { takes, required, oneOf, matches, says }] of Object.entries(options)) {
    const value = values[option]
    if (value === undefined && required) throw new UsageError(`${name} needs --${option} <${takes ?? ''}>: ${says}`)
    if (typeof value === 'string' && ((oneOf && !oneOf.includes(value)) || (matches && !matches.test(value))))
      throw new UsageError(`--${option} is ${oneOf ? `one of ${oneOf.join(', ')}` : says}`)
  }
  return Object.fromEntries(
    Object.entries(all).map(([option, { takes }]) => [option, values[option] ?? (takes === undefined ? false : undefined)]),
  )
}

export const usageOf = ({ name, options }: Command) =>
  [
    name,
    ...Object.entries(options).map(([option, { takes, required }]) => {
      const words = `--${option}${takes === undefined ? '' : ` <${takes}>`}`
      return required ? words : `[${words}]`
    }),
  ].join(' ')

export const subjectOption = {
  takes: 'ref',
  says: 'a person’s reference, a UUID.',
  matches: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
} as const
export const serviceOption = {
  takes: 'url',
  says: 'Ask a running service instead of the databases, with the token in CASELEDGER_TOKEN.',
  matches: /^https?:\/\/[^/?#@]+\/?$/,
} as const
export const newOption = { says: 'Make an installation in the data folder where there is none.' } as const
export const dryRunOption = { says: 'Say what would be done, and change nothing.' } as const
