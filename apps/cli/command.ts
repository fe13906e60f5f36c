import { parseArgs } from 'node:util'

export type Command = { readonly name: string; readonly usage: string; readonly summary: string; readonly run: (args: readonly string[]) => Promise<number> }
/** The words of the command line are wrong; the answer shows the help. */
export class UsageError extends Error {}

export const say = (text: string) => process.stdout.write(`${text}\n`)

/** The named options of a command, all of them text. @throws UsageError */
export function optionsOf<const N extends string>(args: readonly string[], names: readonly N[]): { readonly [K in N]?: string } {
  try {
    const { values } = parseArgs({ args: [...args], options: Object.fromEntries(names.map(name => [name, { type: 'string' as const }])), strict: true, allowPositionals: false })
    return values as { readonly [K in N]?: string }
  } catch { throw new UsageError(names.length === 0 ? 'This command has no options.' : `The options are ${names.map(name => `--${name}`).join(', ')}.`) }
}
