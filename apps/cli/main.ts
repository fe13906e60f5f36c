import { type Command, UsageError } from './command.js'
import { replay } from './replay.js'
import { token } from './token.js'

const commands: readonly Command[] = [token, replay]

const help = () => [
  'caseledger: for operators and auditors', '',
  ...commands.flatMap(({ usage, summary }) => [`  caseledger ${usage}`, `      ${summary}`, '']),
  'Exit codes: 0 done, 1 failed, 2 wrong usage.', '',
].join('\n')

/** Runs one command and answers its exit code. */
export async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help') { process.stdout.write(help()); return 0 }
  const command = commands.find(one => one.name === name)
  try {
    if (!command) throw new UsageError('There is no such command.')
    return await command.run(args)
  } catch (error) {
    const usage = error instanceof UsageError
    process.stderr.write(`${error instanceof Error ? error.message : 'It failed.'}\n${usage ? `\n${help()}` : ''}`)
    return usage ? 2 : 1
  }
}
