import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { StaffDetailsErased } from '#event-kit/key-events'
import type { Scope } from '#event-kit/scope'
import type { StaffRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { type StaffEvent, StaffKeysDestroyed } from './events.js'
import type { Staff } from './staff.js'

/** C54: what was destroyed, and when. */
export const recordDestroyedStaffKeys =
  (destroyed: DataOfEvent<typeof StaffKeysDestroyed>): Decision<Staff, StaffEvent, never> =>
  () =>
    accept([StaffKeysDestroyed.of(destroyed)])

/** C64: a fence that a restored log lost is put back, from the revocation journal. Keys that this log never announced are none of its. */
export const restoreStaffFence =
  (staffRef: StaffRef, scopes: readonly Scope[], kids: readonly string[]): Decision<Staff, StaffEvent, never> =>
  ({ keys }) => {
    const live = [...keys.keys()].filter(kid => kids.includes(kid))
    return accept(
      live.length === 0 ? [] : [StaffDetailsErased.of({ staffRef, cause: 'RESTORED_FROM_JOURNAL', scopes: [...scopes], kids: live })],
    )
  }
