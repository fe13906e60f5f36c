import { command, noCategories } from '#decider/command'
import { StaffDetailsErased, type staffErasureCauses } from '#event-kit/key-events'
import type { StaffRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { staff } from './staff.js'

export const erasureReasons = ['NO_LONGER_NEEDED', 'REQUESTED'] as const satisfies readonly (typeof staffErasureCauses)[number][]
export type EraseStaffDetails = { readonly staffRef: StaffRef; readonly cause: (typeof erasureReasons)[number] }

/**
 * C46: of somebody who left, who they were is kept no longer than it is needed. What they did stays on record under their reference. From
 * this event on nothing of it opens; a process destroys the keys.
 */
export const eraseStaffDetails = command({
  name: 'EraseStaffDetails',
  clauses: ['C46', 'C54'],
  says: 'Erase who somebody was that has left',
  aggregate: staff,
  streamId: ({ staffRef }: EraseStaffDetails) => staffRef,
  capability: 'DESTROY_KEY',
  may: 'APPROVE',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'STAFF_STILL_HERE'],
  decide:
    ({ staffRef, cause }: EraseStaffDetails, _: object) =>
    ({ state, keys }) => {
      if (state === 'UNKNOWN') return refused('NOT_FOUND')
      if (state !== 'LEFT') return refused('STAFF_STILL_HERE')
      if (keys.size === 0) return accept([])
      return accept([StaffDetailsErased.of({ staffRef, cause, scopes: [...new Set(keys.values())].sort(), kids: [...keys.keys()] })])
    },
})
