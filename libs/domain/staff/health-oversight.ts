import type { StaffRef } from '#kernel/id'
import { daysAfter, laterOf } from '#kernel/instants'
import { type Organisation, type Staff, appointedTo, isActiveAs } from './staff.js'

/** How long there may be nobody, and since when that counts at the earliest. */
type Allowed = { readonly since: string; readonly gapDays: number }
/** Who works here, by their references: whoever is appointed is among them. */
type Members = ReadonlyMap<StaffRef, Staff>

/** C18: whoever holds the role now, works here, and is in the register of a profession. */
export const healthOverseers = (organised: Organisation, members: Members, now: string): readonly StaffRef[] =>
  appointedTo('health-overseer', organised, now).filter(one => {
    const member = members.get(one)
    return member?.oversees !== undefined && isActiveAs('health-overseer', member)
  })

/** Until when health data may be recorded and shared without anybody who oversees it: so many days after the last appointment ended. */
export function overseenUntil({ terms }: Organisation, { since, gapDays }: Allowed, now: string): string {
  const ended = (terms.get('health-overseer') ?? []).flatMap(({ until }) => (until !== undefined && until <= now ? [until] : []))
  return daysAfter([since, ...ended].reduce(laterOf), gapDays)
}
