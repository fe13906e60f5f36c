import { type Evolve, type Meta, within } from '#decider/decider'
import { type StaffEvent, staffConcerns } from '#domain/staff/events'
import { type Staff, evolveStaff, nobodyKnown } from '#domain/staff/staff'
import type { StaffRole } from '#kernel/actor'
import { documentProjection } from '#projections/projection'
import { rowEach } from '#projections/row-each'
import type { RowOf } from '#projections/table'
import { staffTable } from './table.js'

/** Somebody’s place in the list is that of their first registration. */
type Registered = { readonly member: Staff; readonly position: bigint }
type Was = Registered | undefined

const onMember = within<Was, Staff, StaffEvent>(evolveStaff, {
  take: was => was?.member ?? nobodyKnown,
  put: (was, member) => ({ member, position: was?.position ?? 0n }),
})
const evolve: Evolve<Was, StaffEvent> = {
  ...onMember,
  StaffRegistered: (was, data, meta) => {
    const now = onMember.StaffRegistered(was, data, meta)
    return now && { ...now, position: was?.position ?? meta.position }
  },
}

const rowOf = ({ member, position }: Registered, meta: Meta) => ({
  state: member.state,
  roles: [...member.roles],
  trained_until: member.trainedUntil ?? null,
  acknowledged: [...member.acknowledged],
  changed_at: meta.recordedAt,
  position,
})
const registeredIn = ({ state, roles, trained_until: trained, acknowledged, position }: RowOf<typeof staffTable>): Registered => ({
  member: {
    ...nobodyKnown,
    state,
    roles: new Set(roles as readonly StaffRole[]),
    trainedUntil: trained?.toISOString(),
    acknowledged: new Set(acknowledged),
  },
  position: BigInt(position),
})

/** C37: who is registered in which roles, who is suspended, and who has left. */
export const staffRegister = documentProjection({
  name: 'staff-register',
  concerns: [staffConcerns.staff],
  table: staffTable,
  fold: rowEach(staffTable, { evolve, rowOf, stateOf: registeredIn }),
})
