import { parseArgs } from 'node:util'
import { withoutInstallation } from '#hosting/settings'
import { append } from './append.js'
import { coldLoad } from './cold-load.js'
import { day } from './day.js'
import { counters } from './emmett.js'
import { erase } from './erase.js'
import { http } from './http.js'
import { ledger, ledgerMillion } from './ledger.js'
import { ledgerDelay } from './ledger-delay.js'
import { memory } from './memory.js'
import { rebuildReadModels } from './rebuild.js'
import { seal } from './seal.js'
import { eventstoredb } from './eventstoredb.js'
import { starting } from './starting.js'
import { upgrade } from './upgrade.js'
import { verify } from './verify.js'
import type { Measurement } from './rate.js'

type Options = { readonly events: number | undefined; readonly people: number | undefined; readonly baseline: string | undefined }
const benches: Readonly<Record<string, (options: Options) => AsyncIterable<Measurement>>> = {
  append,
  http,
  rebuild: rebuildReadModels,
  counters,
  erase,
  seal,
  'cold-load': coldLoad,
  memory,
  eventstoredb,
  ledger,
  starting,
}
/** Longer than all others together: run by its name only. */
const byName: typeof benches = { day, 'ledger-million': ledgerMillion, 'ledger-delay': ledgerDelay, upgrade, verify }

/** All benches together take no longer than this and what the last one takes. */
const mostMs = 420_000

/**
 * `npm run bench -- [name] [--json] [--events n] [--people n] [--baseline folder]`: one JSON object a line, or a table for people. Of
 * events `upgrade` and `verify` take fewer, if told, and of people `day` takes more or fewer; `verify` is measured beside the verifiers of
 * an older checkout, if one is named.
 */
export async function main(args: readonly string[]): Promise<number> {
  process.env = withoutInstallation(process.env)
  const { values, positionals: names } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean' }, events: { type: 'string' }, people: { type: 'string' }, baseline: { type: 'string' } },
  })
  const { json = false, baseline } = values
  const [events, people] = [values.events, values.people].map(one => (one === undefined ? undefined : Number(one)))
  if ([events, people].some(one => one !== undefined && !(Number.isSafeInteger(one) && one > 0))) {
    process.stderr.write('--events and --people take a number, such as 100000.\n')
    return 2
  }
  const unknown = names.filter(name => !(name in benches || name in byName))
  if (unknown.length > 0) {
    process.stderr.write(`There is no bench of that name. There are: ${Object.keys({ ...benches, ...byName }).join(', ')}.\n`)
    return 2
  }
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    if (performance.now() > mostMs) {
      process.stderr.write(`${name}: left out, because eight minutes are over. npm run bench -- ${name} runs it alone.\n`)
      continue
    }
    for await (const one of ({ ...benches, ...byName }[name] as (options: Options) => AsyncIterable<Measurement>)({
      events,
      people,
      baseline,
    }))
      process.stdout.write(`${json ? JSON.stringify(one) : inWords(one)}\n`)
  }
  return 0
}

const inWords = ({ bench, case: which, ours, baseline, ratio, unit }: Measurement) =>
  `${bench.padEnd(12)} ${which.padEnd(20)} ${String(Math.round(ours)).padStart(8)} ${unit}   `
  + `baseline ${String(Math.round(baseline)).padStart(8)}   ratio ${ratio.toFixed(2)}`
