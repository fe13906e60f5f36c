import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { logOf, runProcess, stopping } from '#hosting/own-process'
import { assertSettings } from '#hosting/settings'
import { signerPlace } from '#hosting/signer-place'
import { Signer } from './signer.js'
import { serveSigner } from './signer-server.js'

/**
 * The signer's process: `--initialise <origin>` makes its key and its memory first, for a new ledger. `npm start` makes them where there
 * are none.
 */
async function main() {
  const { signal } = stopping()
  assertSettings()
  const { folder, socket } = signerPlace()
  const [flag, origin] = process.argv.slice(2)
  if (flag === '--initialise') Signer.initialise(folder, origin ?? `caseledger.localhost/${randomBytes(4).toString('hex')}`)
  else if (flag === '--if-new' && !existsSync(folder)) Signer.initialise(folder, `caseledger.localhost/${randomBytes(4).toString('hex')}`)
  const log = logOf('signer')
  const server = await serveSigner(
    Signer.open(folder, what => {
      log.error({ part: 'signer' }, `refused: ${what}`)
    }),
    socket,
  )
  process.send?.('ready')
  if (!signal.aborted) await once(signal, 'abort')
  server.closeAllConnections()
  server.close()
}

runProcess('signer', main)
