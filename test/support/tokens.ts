/**
 * A token of the local issuer for each role, by one process: starting the command line ten times takes ten times as long. Prints them as
 * JSON.
 */
import { staffRoles } from '#kernel/actor'
import { issueTokenOn } from '../../apps/cli/token.js'
import { withBackend } from '../../apps/cli/with-backend.js'

const tokens: Record<string, string> = {}
await withBackend(async ({ backend, dir }) => {
  for (const role of staffRoles) tokens[role] = await issueTokenOn(backend, dir, role, `${role}-1`)
})
console.log(JSON.stringify(tokens))
