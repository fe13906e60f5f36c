import { type At, command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { ContactPreferencesSet } from './events.js'

export type SetContactPreferences = Omit<DataOfEvent<typeof ContactPreferencesSet>, 'saidAt'> & {
  /** Now unless told. */
  readonly saidAt?: string | undefined
}

/** C58: whatever somebody says of how to be reached is taken, also that there is no way at all: then nobody may plan to. */
export const setContactPreferences = command({
  name: 'SetContactPreferences',
  clauses: ['C58'],
  says: 'Record how somebody wants to be reached, and what they need',
  aggregate: person,
  streamId: ({ subjectRef }: SetContactPreferences) => subjectRef,
  capability: 'RECORD_PREFERENCES',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: () => ['CON'],
  exemptFrom: [],
  refusals: ['NOT_FOUND'],
  decide:
    ({ saidAt, ...preferences }: SetContactPreferences, { now }: At) =>
    ({ intake }) =>
      intake.referral
        ? accept([ContactPreferencesSet.of({ ...preferences, saidAt: earlierOf(saidAt ?? now, now) })])
        : refused('NOT_FOUND'),
})
