/** A token of the local issuer for each role, by one process: starting the command line ten times takes ten times as long. Prints them as JSON. */
import { issueTokenOn } from '../../dist/apps/cli/token.js'
import { withBackend } from '../../dist/apps/cli/with-backend.js'
import { staffRoles } from '../../dist/libs/kernel/actor.js'

const tokens = {}
await withBackend(async ({ backend, dir }) => { for (const role of staffRoles) tokens[role] = await issueTokenOn(backend, dir, role, `${role}-1`) })
console.log(JSON.stringify(tokens))
