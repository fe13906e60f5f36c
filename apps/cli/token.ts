import { newId } from '#commands/ids'
import { appoint, needsAppointment, organisation, registerStaff, staff } from '#domain/staff/staff'
import type { Backend } from '#installation/backend'
import { type DataDir, dataDir } from '#installation/data-dir'
import { localToken } from '#installation/local-issuer'
import { isProduction } from '#installation/settings'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { identityOf } from '#nest/authentication'
import { systemFacts } from '#processes/work'
import { type Command, UsageError, optionsOf } from './command.js'
import { withBackend } from './with-backend.js'

/** For a laptop: a token of the local issuer, and the staff record and appointment that go with it. */
export const token: Command = {
  name: 'token',
  usage: 'token --role <role> --sub <name>',
  summary: `Prints a bearer token of the local issuer, and registers that member of staff. Roles: ${staffRoles.join(', ')}.`,
  run: async args => {
    const { role, sub } = optionsOf(args, ['role', 'sub'])
    if (!staffRoles.includes(role as StaffRole)) throw new UsageError(`--role is one of ${staffRoles.join(', ')}.`)
    if (!sub || sub.length > 200) throw new UsageError('--sub is a name for the member of staff, such as dpo-1.')
    if (isProduction()) throw new Error('The local issuer is not for production.')
    process.stdout.write(`${await issueToken(dataDir(), role as StaffRole, sub)}\n`)
    return 0
  },
}

/** Signs a token and registers its bearer; starts the local PostgreSQL for it where it does not run. */
export async function issueToken(dir: DataDir, role: StaffRole, sub: string): Promise<string> {
  return withBackend(({ backend }) => issueTokenOn(backend, dir, role, sub), dir)
}

/** The same on a backend that is open. */
export async function issueTokenOn(backend: Backend, dir: DataDir, role: StaffRole, sub: string): Promise<string> {
  const { token: signed, issuer } = await localToken(dir.issuer, sub, role)
  await register(backend, issuer, sub, role)
  return signed
}

async function register({ commands, clock, tables, serviceKey }: Backend, issuer: string, sub: string, role: StaffRole) {
  const staffRef = await tables.register(identityOf(serviceKey, issuer, sub)) as StaffRef
  const facts = (command: string) => systemFacts({ purpose: 'LEGAL_OBLIGATION', correlationId: newId(), commandId: newId(), command })
  await commands.execute({ aggregate: staff, id: staffRef, facts: facts('RegisterStaff'), decide: registerStaff(staffRef, role, clock.now()) })
  if (needsAppointment(role)) await commands.execute({ aggregate: organisation, id: 'main', facts: facts('Appoint'), decide: appoint(staffRef, role, clock.now()) })
}
