import { acknowledgement } from '#domain/staff/staff'
import { daysAfter } from '#kernel/instants'
import { staffRegister } from '#read-models/staff-register/projection'
import { staffTable } from '#read-models/staff-register/table'
import { at, work } from './waiting.js'

/** What ends is said so long before. */
const soonDays = 28

/** What somebody owes for themselves. */
export const oneself = {
  /** One's own, before it runs out or once it has. */
  TRAINING: work({
    projection: staffRegister,
    table: staffTable,
    capability: 'ACKNOWLEDGE_POLICY',
    reads: 'READ_OWN_ROLE',
    which: ({ told, now }) => [
      [
        { column: 'staff_ref', is: '=', value: told.actor.id },
        { column: 'trained_until', is: '<', value: daysAfter(now, soonDays) },
      ],
    ],
    by: 'trained_until',
    item: ({ trained_until: due }) => ({ due: at(due) }),
  }),
  /** A policy in force that one has not acknowledged. */
  POLICY: work({
    projection: staffRegister,
    table: staffTable,
    capability: 'ACKNOWLEDGE_POLICY',
    reads: 'READ_OWN_ROLE',
    which: ({ told, policy }) =>
      policy.staffPolicies.map(one => [
        { column: 'staff_ref', is: '=', value: told.actor.id },
        { column: 'acknowledged', is: 'lacks', value: acknowledgement(one.policy, one.version) },
      ]),
    by: 'changed_at',
    item: ({ acknowledged }, { policy }) => ({
      due:
        policy.staffPolicies
          .filter(one => !acknowledged.includes(acknowledgement(one.policy, one.version)))
          .map(one => one.acknowledgedBy)
          .sort()[0] ?? null,
    }),
  }),
} as const
