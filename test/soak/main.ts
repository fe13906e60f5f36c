import { restartProgram, soak } from './soak.js'

/** `npm run soak [-- --seconds N]`: ten minutes, or as many seconds as asked. */
export async function main(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--seconds')
  const seconds = at === -1 ? 600 : Number(args[at + 1])
  if (!(seconds > 0 && seconds <= 3_600)) { process.stderr.write('npm run soak -- [--seconds N], at most 3600\n'); return 2 }
  const say = (text: string) => { process.stderr.write(`${text}\n`) }
  const { broken, ...report } = await soak({ seconds, say, restartEventStore: restartProgram() })
  process.stdout.write(`${JSON.stringify({ soak: process.env['CASELEDGER_EVENT_STORE'] ?? 'postgres', seconds, ...report, broken: broken.length })}\n${broken.map(words => `${words}\n`).join('')}`)
  return broken.length === 0 ? 0 : 1
}
