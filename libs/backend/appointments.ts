import type { StreamFolds } from '#commands/folds'
import { rolesHeld, vacant } from '#commands/roles-held'
import type { Clock } from '#kernel/clock'
import type { Part } from './health.js'

/** C48: the service goes on while a role is vacant, and says so until somebody is appointed. */
export async function appointmentsPart(folds: Pick<StreamFolds, 'load'>, clock: Clock): Promise<Part> {
  const part = 'appointments'
  try {
    const roles = vacant(await rolesHeld(folds, clock.now()))
    const why = `ROLE_VACANT: nobody acts as ${roles.join(', ')}: appoint somebody, POST /v1/staff/{staffRef}/appointments`
    return { part, ready: true, vacant: roles, ...(roles.length === 0 ? {} : { why }) }
  } catch {
    return { part, ready: true, why: 'the event store cannot be read' }
  }
}
