import { once } from 'node:events'
import { backendFromEnvironment } from '#backend/from-environment'
import { dataDir } from '#hosting/data-dir'
import { listening } from '#hosting/listening'
import { logOf, orLeft, runProcess, stopping } from '#hosting/own-process'
import { listeningPlace, requestsPerSecond, trustedProxies } from '#hosting/settings'
import { issuerNamed, trustedIssuer } from '#hosting/token-issuer'
import { startTracing } from '#telemetry/tracing'
import { createApi } from './api.js'

/**
 * The API's process. Tells its parent, where it has one, that it is ready. @throws EventStoreRewound: an API never goes on over another
 * log.
 */
async function main() {
  const { asked, signal } = stopping()
  // Before anything is waited for: nobody comes in by the laptop's key.
  issuerNamed()
  const stopTracing = await startTracing('caseledger-api')
  const backend = await backendFromEnvironment(signal)
  const trust = await trustedIssuer(dataDir().issuer, { signal })
  const api = await createApi(backend, trust, logOf('api'), { requestsPerSecond: requestsPerSecond(), trustedProxies: trustedProxies() })
  const { rewound } = backend.folds
  const anotherLog = once(rewound, 'abort')
  const place = listeningPlace()
  await listening(place, () => api.listen(place.port, place.host))
  if (place.port === 0) process.stderr.write(`The API listens at ${await api.getUrl()}\n`)
  process.send?.('ready')
  await Promise.race([asked, anotherLog])
  await api.close()
  await orLeft(signal, backend.close().then(stopTracing))
  // What it remembers is of a log that is gone, and so may be what its vault has heard: whoever starts again hears both anew.
  rewound.throwIfAborted()
}

runProcess('API', main)
