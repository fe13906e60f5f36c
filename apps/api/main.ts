import { backendFromEnvironment, logOf, runProcess, stopping } from '#installation/child-process'
import { dataDir } from '#installation/data-dir'
import { trustLocalIssuer } from '#installation/local-issuer'
import { createApi } from './api.js'

/** The API's process. Tells its parent, where it has one, that it is ready. */
async function main() {
  const { asked, signal } = stopping()
  const backend = await backendFromEnvironment(signal)
  const api = await createApi(backend, trustLocalIssuer(dataDir().issuer), logOf('api'), { requestsPerSecond: Number(process.env['CASELEDGER_REQUESTS_PER_SECOND'] ?? 1000) })
  await api.listen(Number(process.env['PORT'] ?? 3000), process.env['HOST'] ?? '127.0.0.1')
  process.send?.('ready')
  await asked
  await api.close()
  await backend.close()
}

runProcess('API', main)
