import { StoreUnavailable } from '#event-store/event-store'
import { endsWithAReason } from '#hosting/own-process'
import { PartAway } from '#hosting/waiting'
import { isConnectionError, kindOf } from '#kernel/error-kind'
import { KeyStoreUnavailable } from '#subject-keys/subject-keys'
import { caseShow, disclosuresList, keysList } from './audit.js'
import { type Command, UsageError, command, valuesOf } from './command.js'
import { completionScript, shells } from './completion.js'
import { type Ending, exitCodes } from './exit-codes.js'
import { health } from './health.js'
import { auditPack } from './audit-pack.js'
import { anchorStatus, ledgerConsistency, ledgerDiff, ledgerSample } from './ledger-compare.js'
import { ledgerFsck, ledgerVerify } from './ledger-check.js'
import { ledgerExport } from './ledger-export.js'
import { ledgerCheckpoint, ledgerErasureReport, ledgerFreeze, ledgerProve, ledgerVkey } from './ledger.js'
import { help, helpOn } from './help.js'
import { doctor } from './doctor.js'
import { reconcile, replace, rotate } from './keys.js'
import { Out, ReaderGone } from './out.js'
import { policyDemo, policyPublish, policyShow, policyTemplate } from './policy.js'
import { projectionsStatus, rebuildProjections, unparkProjection } from './projections.js'
import { recoverAfterRestore } from './recover.js'
import { replay } from './replay.js'
import { ServiceUnreachable } from './service.js'
import { staffRegister } from './staff.js'
import { token } from './token.js'
import { restoreDrill, vaultBackup, vaultReindex, vaultRestore } from './vault.js'
import { Interrupted } from './with-backend.js'

const completion = command({
  name: 'completion',
  group: 'installation',
  summary: 'Prints what a shell needs to complete commands, options and values: eval "$(npx caseledger completion --shell bash)".',
  options: { shell: { takes: 'shell', says: 'yours.', oneOf: shells, required: true } },
  run: ({ shell }) => {
    process.stdout.write(completionScript(commands, shell as (typeof shells)[number]))
    return Promise.resolve('done')
  },
})

export const commands: readonly Command[] = [
  replay,
  disclosuresList,
  keysList,
  caseShow,
  ledgerExport,
  ledgerVerify,
  ledgerFsck,
  ledgerProve,
  ledgerCheckpoint,
  ledgerVkey,
  ledgerErasureReport,
  ledgerFreeze,
  ledgerConsistency,
  ledgerDiff,
  ledgerSample,
  anchorStatus,
  auditPack,
  doctor,
  health,
  projectionsStatus,
  rebuildProjections,
  unparkProjection,
  rotate,
  reconcile,
  replace,
  vaultBackup,
  vaultRestore,
  vaultReindex,
  restoreDrill,
  token,
  staffRegister,
  policyDemo,
  policyTemplate,
  policyPublish,
  policyShow,
  recoverAfterRestore,
  completion,
]

/** Runs one command and answers its exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const [first, ...rest] = words
  const out = new Out(words.includes('--json'))
  if (first === undefined || first === 'help' || first === '--help') {
    const about = commandNamed(rest)
    process.stdout.write(about ? helpOn(about) : help(commands))
    return exitCodes.done.code
  }
  endOnLostConnections(out)
  const done = endsWithAReason('The command', exitCodes.failed.code)
  const ending = await run(words, out)
  done()
  out.end()
  return exitCodes[ending].code
}

const wordsOf = ({ name }: Command) => name.split(' ')
const commandNamed = (words: readonly string[]) => commands.find(one => wordsOf(one).every((word, n) => words[n] === word))

async function run(words: readonly string[], out: Out): Promise<Ending> {
  try {
    const chosen = commandNamed(words)
    if (!chosen) throw new UsageError('There is no such command. caseledger help lists them.')
    const values = valuesOf(chosen, words.slice(wordsOf(chosen).length))
    if (values['help'] === true) {
      process.stdout.write(helpOn(chosen))
      return 'done'
    }
    return await chosen.run(values as never, out)
  } catch (error) {
    if (error instanceof ReaderGone) return 'done'
    const ending = endingOf(error)
    out.complain(ending, wordsFor(error, ending))
    return ending
  }
}

/** Our own words; of others' errors the kind only: a parser or a database repeats in its message what it was given. */
function wordsFor(error: unknown, ending: Ending): string {
  const code = (error as { code?: unknown } | null)?.code
  const said = typeof code === 'string' ? ` ${code}` : ''
  if (ending === 'unreachable' && said !== '')
    return `The database does not answer (${said.trim()}). Is it running, and is DATABASE_URL right?`
  if (/^ E[A-Z]+$/.test(said)) return `A file or folder could not be used (${said.trim()}).`
  const foreign =
    said !== ''
    || !(error instanceof Error)
    || error instanceof SyntaxError
    || error instanceof TypeError
    || error instanceof RangeError
    || /^(Zod|Postgres|\$)/.test(kindOf(error))
  return foreign ? `It failed (${kindOf(error)}${said}). This is a defect, or something that Caseledger does not know of.` : error.message
}

function endingOf(error: unknown): Ending {
  if (error instanceof UsageError) return 'usage'
  if (error instanceof PartAway) return error.hindrance.mends ? 'unreachable' : 'failed'
  if (error instanceof Interrupted) return 'interrupted'
  return error instanceof StoreUnavailable
    || error instanceof KeyStoreUnavailable
    || error instanceof ServiceUnreachable
    || isConnectionError(error)
    ? 'unreachable'
    : 'failed'
}

/** The database client throws where nobody can catch it when its server is killed: no command ends as if it had found something. */
function endOnLostConnections(out: Out) {
  const end = (error: unknown) => {
    const ending = isConnectionError(error) ? 'unreachable' : 'failed'
    out.complain(ending, wordsFor(error, ending))
    process.exit(exitCodes[ending].code)
  }
  process.once('uncaughtException', end)
  process.once('unhandledRejection', end)
}
