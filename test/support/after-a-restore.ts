import { readFileSync } from 'node:fs'
import type { Standalone } from './standalone.js'

/** The commands of "After a restore" in docs/operations.md, block by block, as they stand there. */
export function documented(): readonly (readonly string[])[] {
  const [, section = ''] = /^## After a restore$([^]*?)(?=^## |(?![^]))/m.exec(readFileSync('docs/operations.md', 'utf8')) ?? []
  return [...section.matchAll(/^```\n([^]*?)^```$/gm)].map(([, block = '']) => block.trim().split('\n'))
}

type Ran = { readonly command: string; readonly status: number | null; readonly said: string }

/**
 * Does what the document says to an installation that is stopped and whose data were put back: `recover`; where that says that the ledger
 * ends, `freeze` and a new signer's folder, which `signer` says where it is; then starts it and looks.
 */
export async function asDocumented(s: Standalone, signer: string): Promise<readonly Ran[]> {
  const [recover = [], freeze = [], start = []] = documented()
  const ran: Ran[] = []
  let origin = ''
  const run = async (line: string) => {
    const exported = /^export CASELEDGER_SIGNER_DIR=\S+$/.test(line)
    if (exported) {
      process.env['CASELEDGER_SIGNER_DIR'] = signer
      return
    }
    if (line === 'npm start') {
      await s.up()
      return
    }
    const words = line.replace('ORIGIN', origin).split(' ')
    if (words.shift() !== 'npx' || words.shift() !== 'caseledger')
      throw new Error(`The document has a line that this does not know: ${line}`)
    const { status, stdout, stderr } = s.cli(...words)
    ran.push({ command: words.filter(word => word !== origin).join(' '), status, said: stdout + stderr })
  }
  for (const line of recover) await run(line)
  origin = /caseledger ledger freeze --origin (\S+)/.exec(ran[0]?.said ?? '')?.[1] ?? ''
  if (origin !== '') for (const line of freeze) await run(line)
  for (const line of start) await run(line)
  return ran
}
