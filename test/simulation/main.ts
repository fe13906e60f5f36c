import { type Plant, plants } from './plants.js'
import { simulate } from './simulation.js'

const usage = `npm run simulate -- [--seed N] [--runs N] [--plant ${plants.join('|')}]`

/** `npm run simulate`: five thousand lives, or as many as asked; `--seed N` lives one again. Exit code 1 when a promise was broken. */
export async function main(args: readonly string[]): Promise<number> {
  const option = (name: string) => {
    const at = args.indexOf(`--${name}`)
    return at === -1 ? undefined : args[at + 1]
  }
  const [seed, runs, plant] = [option('seed'), Number(option('runs') ?? 5_000), option('plant') as Plant | undefined]
  if (Number.isNaN(runs) || (seed !== undefined && Number.isNaN(Number(seed))) || (plant !== undefined && !plants.includes(plant))) {
    process.stderr.write(`${usage}\n`)
    return 2
  }
  const [first, last] = seed === undefined ? [1, runs] : [Number(seed), Number(seed)]
  const totals = { steps: 0, crashes: 0, restores: 0, erasures: 0 }
  for (let n = first; n <= last; n++) {
    const { broken, ...life } = await simulate(n, plant)
    if (broken.length > 0) {
      process.stdout.write(
        `seed ${n} broke a promise after ${life.steps} steps, ${life.crashes} crashes and ${life.restores} restores:\n`
          + `${broken.map(words => `  ${words}`).join('\n')}\n`
          + `  npm run simulate -- --seed ${n}${plant ? ` --plant ${plant}` : ''}\n`,
      )
      return 1
    }
    for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += life[key]
    if (n % 500 === 0) process.stderr.write(`${n} of ${last} lives\n`)
  }
  process.stdout.write(
    `${last - first + 1} lives, ${totals.steps} steps, ${totals.crashes} crashes, ${totals.restores} restores of the vault, `
      + `${totals.erasures} erasures: nothing acknowledged was lost or stored twice, nothing erased opened.\n`,
  )
  return 0
}
