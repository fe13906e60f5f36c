import { once } from 'node:events'
import { backendFromEnvironment, logOf, runProcess, stopping } from '#installation/child-process'
import { dataDir } from '#installation/data-dir'
import { trustLocalIssuer } from '#installation/local-issuer'
import { startTracing } from '#telemetry/tracing'
import { createApi } from './api.js'

/** The API's process. Tells its parent, where it has one, that it is ready. @throws EventStoreRewound: an API never goes on over another log. */
async function main() {
  const { asked, signal } = stopping()
  const stopTracing = startTracing('caseledger-api')
  const backend = await backendFromEnvironment(signal)
  const api = await createApi(backend, trustLocalIssuer(dataDir().issuer), logOf('api'), { requestsPerSecond: Number(process.env['CASELEDGER_REQUESTS_PER_SECOND'] ?? 1000) })
  const { rewound } = backend.folds
  const anotherLog = once(rewound, 'abort')
  await api.listen(Number(process.env['PORT'] ?? 3000), process.env['HOST'] ?? '127.0.0.1')
  process.send?.('ready')
  await Promise.race([asked, anotherLog])
  await api.close()
  await backend.close()
  await stopTracing()
  // What it remembers is of a log that is gone, and so may be what its vault has heard: whoever starts again hears both anew.
  rewound.throwIfAborted()
}

runProcess('API', main)
