import { newId } from '#commands/ids'
import { isProduction } from '#hosting/settings'
import { withBackend } from '../apps/cli/with-backend.js'
import { inventLives } from './people/invented-lives.js'

const told = (args: readonly string[], name: string, otherwise: number) => {
  const at = args.indexOf(`--${name}`)
  const value = at < 0 ? otherwise : Number(args[at + 1])
  return Number.isSafeInteger(value) && value > 0 ? value : undefined
}
const each = 25

/** `npm run seed -- [--people n] [--seed n]`: invented people into the installation of a laptop, which `npm start` has made. */
export async function main(args: readonly string[]): Promise<number> {
  const [people, seed] = [told(args, 'people', 200), told(args, 'seed', 7)]
  if (people === undefined || seed === undefined) {
    process.stderr.write('--people and --seed take a number, such as --people 5000 --seed 7.\n')
    return 2
  }
  if (isProduction()) {
    process.stderr.write('Nobody is invented in production.\n')
    return 2
  }
  return withBackend(async ({ backend, signal }) => {
    const start = performance.now()
    const workers = Array.from({ length: Math.ceil(people / each) }, () => newId<'StaffRef'>())
    const progress = (done: number) => {
      if (done % 500 === 0 || done === people) process.stderr.write(`${done} of ${people} people\n`)
    }
    await inventLives(backend, { people, seed, workers, supportedByEach: each, signal, progress })
    process.stdout.write(`${people} invented people in ${Math.round((performance.now() - start) / 1_000)} s, with the seed ${seed}.\n`)
    return 0
  })
}
