import { dataDir } from '#hosting/data-dir'
import { issuerName } from '#hosting/token-issuer'
import { type StaffRole, staffRoles } from '#kernel/actor'
import { command, newOption } from './command.js'
import { registerBearer } from './registering.js'
import { withBackend } from './with-backend.js'

/** Also in production, where it registers the first who may register others: from then on they do it, POST /v1/staff. */
export const staffRegister = command({
  name: 'staff register',
  group: 'installation',
  summary:
    'Registers the bearer of a token of the configured issuer in a role, and appoints them where the role needs that. '
    + 'It is on record as done by the operators. Those who may register others do it through the API, POST /v1/staff.',
  options: {
    sub: {
      takes: 'subject',
      says: 'the sub of their tokens, as the issuer writes it; only a keyed digest of it is kept.',
      required: true,
      matches: /^.{1,255}$/,
    },
    role: { takes: 'role', says: 'what they may do; their tokens have to carry it, too.', oneOf: staffRoles, required: true },
    new: newOption,
  },
  run: ({ sub, role, new: mayMake }, out) => {
    const dir = dataDir()
    return withBackend(
      async ({ backend }) => {
        const staffRef = await registerBearer(backend, issuerName(dir.issuer), sub, role as StaffRole)
        out.say({ staffRef, role }, `${staffRef} is registered as ${role}.`)
        return 'done'
      },
      { dir, mayMake },
    )
  },
})
