import { type Appointment, appointments } from '#domain/staff/events'
import { appointedTo, isActiveAs, organisation, staff } from '#domain/staff/staff'
import type { StaffRef } from '#kernel/id'
import type { StreamFolds } from './folds.js'

/** Who acts in a role that one person holds: undefined where nobody can, which is an alarm; and whoever could stand in. */
export type RoleHeld = { readonly role: Appointment; readonly acting: StaffRef | undefined; readonly standIns: readonly StaffRef[] }

/** C48: of each role that has to be held, who acts now: the first who is appointed and works here. */
export async function rolesHeld(folds: Pick<StreamFolds, 'load'>, now: string): Promise<readonly RoleHeld[]> {
  const { state } = await folds.load(organisation, 'main')
  return Promise.all(
    appointments.map(async role => {
      const appointed = appointedTo(role, state, now)
      const active = await Promise.all(appointed.map(async one => isActiveAs(role, (await folds.load(staff, one)).state)))
      const [acting, ...standIns] = appointed.filter((_, n) => active[n])
      return { role, acting, standIns }
    }),
  )
}

/** The roles in which nobody acts. */
export const vacant = (held: readonly RoleHeld[]): readonly Appointment[] =>
  held.flatMap(({ role, acting }) => (acting === undefined ? [role] : []))
