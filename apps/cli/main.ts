import { type Command, UsageError } from './command.js'
import { reconcile, replace, rotate } from './keys.js'
import { projectionsStatus, rebuildProjections, unparkProjection } from './projections.js'
import { recoverAfterRestore } from './recover.js'
import { replay } from './replay.js'
import { token } from './token.js'
import { restoreDrill, vaultBackup, vaultReindex, vaultRestore } from './vault.js'

const commands: readonly Command[] = [token, replay, rotate, reconcile, replace, vaultBackup, vaultRestore, vaultReindex, restoreDrill, projectionsStatus, rebuildProjections, unparkProjection, recoverAfterRestore]

const help = () => [
  'caseledger: for operators and auditors', '',
  ...commands.flatMap(({ usage, summary }) => [`  caseledger ${usage}`, `      ${summary}`, '']),
  'Exit codes: 0 done, 1 failed, 2 wrong usage.', '',
].join('\n')

/** Runs one command and answers its exit code. */
export async function main(words: readonly string[]): Promise<number> {
  if (words.length === 0 || words[0] === 'help' || words[0] === '--help') { process.stdout.write(help()); return 0 }
  const command = commands.find(({ name }) => name.split(' ').every((word, n) => words[n] === word))
  const args = words.slice(command?.name.split(' ').length ?? 1)
  try {
    if (!command) throw new UsageError('There is no such command.')
    return await command.run(args)
  } catch (error) {
    const usage = error instanceof UsageError
    process.stderr.write(`${error instanceof Error ? error.message : 'It failed.'}\n${usage ? `\n${help()}` : ''}`)
    return usage ? 2 : 1
  }
}
