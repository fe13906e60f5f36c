import type { CommandFacts } from '#commands/commands'
import { newId } from '#commands/ids'
import { audits, isOpen } from '#domain/audit/audits'
import { openAudit } from '#domain/audit/open-audit'
import type { Backend } from '#backend/backend'
import { type DataDir, dataDir } from '#hosting/data-dir'
import { localToken } from '#hosting/local-issuer'
import { isProduction, ownIssuer } from '#hosting/settings'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { command, newOption } from './command.js'
import { factsOf, registerBearer } from './registering.js'
import { withBackend } from './with-backend.js'

/** For a laptop: a token of the local issuer, and the staff record and appointment that go with it. */
export const token = command({
  name: 'token',
  group: 'installation',
  summary: 'Prints a bearer token of the local issuer, and registers that member of staff. Not for production.',
  options: {
    role: { takes: 'role', says: 'what they may do.', oneOf: staffRoles, required: true },
    sub: { takes: 'name', says: 'a name for the member of staff, such as dpo-1.', required: true, matches: /^.{1,200}$/ },
    new: newOption,
  },
  run: async ({ role, sub, new: mayMake }, out) => {
    if (isProduction() || ownIssuer())
      throw new Error(
        'The local issuer is not for production, nor beside an issuer of your own (CASELEDGER_ISSUER): tokens come from that one. '
          + 'Whoever has one of its tokens is registered with caseledger staff register, or POST /v1/staff.',
      )
    const signed = await issueToken(dataDir(), role as StaffRole, sub, mayMake)
    out.say({ token: signed }, signed)
    return 'done'
  },
})

/** Signs a token and registers its bearer; starts the local PostgreSQL for it where it does not run. */
export async function issueToken(dir: DataDir, role: StaffRole, sub: string, mayMake = false): Promise<string> {
  return withBackend(({ backend }) => issueTokenOn(backend, dir, role, sub), { dir, mayMake })
}

/** The same on a backend that is open. */
export async function issueTokenOn(backend: Backend, dir: DataDir, role: StaffRole, sub: string): Promise<string> {
  const { token: signed, issuer } = await localToken(dir.issuer, sub, role)
  const staffRef = await registerBearer(backend, issuer, sub, role)
  if (role === 'auditor') await openDemoAudit(backend.commands, backend.clock.now(), staffRef, factsOf('OpenAudit'))
  return signed
}

const demoDays = 30
/** An auditor reads under an audit: on a laptop they have one of everything, for a month. */
async function openDemoAudit(commands: Backend['commands'], now: string, staffRef: StaffRef, facts: CommandFacts) {
  const mandate = {
    auditId: newId<'AuditId'>(),
    auditors: [staffRef],
    scope: 'ALL' as const,
    subjects: [],
    from: '2000-01-01T00:00:00.000Z',
    to: '9000-01-01T00:00:00.000Z',
    expiresAt: new Date(Date.parse(now) + demoDays * 86_400_000).toISOString(),
    reference: 'DEMO',
  }
  await commands.execute({
    aggregate: audits,
    id: 'main',
    facts,
    decide: known =>
      [...known.values()].some(one => one.auditors.includes(staffRef) && isOpen(one, now))
        ? accept([])
        : openAudit.decide(mandate, { actor: facts.actor, now })(known),
  })
}
