import { StoreUnavailable } from '#event-store/event-store'
import { kindOf } from '#kernel/error-kind'
import { KeyStoreUnavailable } from '#subject-keys/subject-keys'
import { caseShow, disclosuresList, keysList } from './audit.js'
import { type Command, UsageError, command, valuesOf } from './command.js'
import { completionScript, shells } from './completion.js'
import { type Ending, exitCodes } from './exit-codes.js'
import { health } from './health.js'
import { help, helpOn } from './help.js'
import { reconcile, replace, rotate } from './keys.js'
import { Out } from './out.js'
import { projectionsStatus, rebuildProjections, unparkProjection } from './projections.js'
import { policyDemo } from './policy.js'
import { recoverAfterRestore } from './recover.js'
import { replay } from './replay.js'
import { ServiceUnreachable } from './service.js'
import { token } from './token.js'
import { restoreDrill, vaultBackup, vaultReindex, vaultRestore } from './vault.js'
import { Interrupted } from './with-backend.js'

const completion = command({
  name: 'completion', group: 'installation', summary: 'Prints what a shell needs to complete commands, options and values: eval "$(npx caseledger completion --shell bash)".',
  options: { shell: { takes: 'shell', says: 'yours.', oneOf: shells, required: true } },
  run: ({ shell }) => {
    process.stdout.write(completionScript(commands, shell as (typeof shells)[number]))
    return Promise.resolve('done')
  },
})

export const commands: readonly Command[] = [
  replay, disclosuresList, keysList, caseShow, health, projectionsStatus, rebuildProjections, unparkProjection, rotate, reconcile, replace, vaultBackup, vaultRestore, vaultReindex, restoreDrill,
  token, policyDemo, recoverAfterRestore, completion,
]

/** Runs one command and answers its exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const wordsOf = (command: Command) => command.name.split(' ')
  const isFirst = (command: Command) => wordsOf(command).every((word, n) => words[n] === word)
  const first = words[0] === 'help' ? undefined : commands.find(isFirst)
  if (words.length === 0 || words[0] === 'help' || words[0] === '--help') {
    const about = commands.find(one => wordsOf(one).every((word, n) => words[n + 1] === word))
    process.stdout.write(about ? helpOn(about) : help(commands))
    return exitCodes.done.code
  }
  const out = new Out(words.includes('--json'))
  const ending = await run(first, words.slice(first ? wordsOf(first).length : 0), out)
  out.end()
  return exitCodes[ending].code
}

async function run(chosen: Command | undefined, words: readonly string[], out: Out): Promise<Ending> {
  try {
    if (!chosen) throw new UsageError('There is no such command. caseledger help lists them.')
    const values = valuesOf(chosen, words)
    if (values['help'] === true) {
      process.stdout.write(helpOn(chosen))
      return 'done'
    }
    return await chosen.run(values as never, out)
  } catch (error) {
    const ending = endingOf(error)
    out.complain(ending, wordsFor(error, ending))
    return ending
  }
}

/** Our own words; of others' errors the kind only, since a database repeats in its message what it was given. */
function wordsFor(error: unknown, ending: Ending): string {
  const code = (error as { code?: unknown } | null)?.code
  if (ending === 'unreachable' && code !== undefined) return `The database does not answer (${typeof code === 'string' ? code : 'no code'}). Is it running, and is DATABASE_URL right?`
  if (code !== undefined || !(error instanceof Error)) return `It failed (${kindOf(error)}${typeof code === 'string' ? ` ${code}` : ''}).`
  return error.message
}

const refusedConnections = ['ECONNREFUSED', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'ENOTFOUND']

function endingOf(error: unknown): Ending {
  if (error instanceof UsageError) return 'usage'
  if (error instanceof Interrupted) return 'interrupted'
  const unreachable = error instanceof StoreUnavailable || error instanceof KeyStoreUnavailable || error instanceof ServiceUnreachable
  return unreachable || refusedConnections.includes(String((error as { code?: unknown } | null)?.code)) ? 'unreachable' : 'failed'
}
