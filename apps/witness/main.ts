import { once } from 'node:events'
import { resolve } from 'node:path'
import { listening } from '#hosting/listening'
import { logOf, runProcess, stopping } from '#hosting/own-process'
import { assertSettings, listeningPlace, settingOf } from '#hosting/settings'
import { systemClock } from '#kernel/clock'
import { Witness } from './witness.js'
import { serveWitness } from './witness-server.js'

/**
 * The witness's process: `--initialise <name>` makes its key and says its public part. Folder, port and host come from
 * CASELEDGER_WITNESS_DIR, PORT and HOST.
 */
async function main() {
  const { signal } = stopping()
  assertSettings()
  const place = listeningPlace(process.env, 3_100)
  const folder = resolve(settingOf('CASELEDGER_WITNESS_DIR') ?? '.witness')
  const [flag, name] = process.argv.slice(2)
  if (flag === '--initialise') {
    Witness.initialise(folder, name ?? '')
    process.stdout.write(
      `Made a key in ${folder}. Write the verifier keys of the logs to watch into ${folder}/logs, then start without --initialise.\n`,
    )
    return
  }
  const log = logOf('witness')
  const witness = Witness.open(
    folder,
    () => Math.floor(Date.parse(systemClock.now()) / 1_000),
    what => {
      log.error({ part: 'witness' }, `refused: ${what}`)
    },
  )
  const server = await listening(place, () => serveWitness(witness, place.port, place.host))
  process.stdout.write(`${witness.vkey}\n`)
  process.send?.('ready')
  if (!signal.aborted) await once(signal, 'abort')
  server.closeAllConnections()
  server.close()
}

runProcess('witness', main)
