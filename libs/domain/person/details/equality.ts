import type { Evolve } from '#decider/decider'
import { type Category, isSpecial } from '#event-kit/scope'
import { isEarlier } from '#kernel/instants'
import type { DetailsEvent } from './events.js'

/** What the person said of being asked about who they are: whether they want no monitoring, and what they would rather not say. */
export type Equality = { readonly optedOut: boolean; readonly saidAt?: string; readonly declined: readonly string[] }
export type EqualityEvent = Extract<
  DetailsEvent,
  { type: 'DemographicsRecorded' | 'DemographicDeclined' | 'EqualityOptOutReceived' | 'EqualityOptOutEnded' }
>
export const noEquality: Equality = { optedOut: false, declined: [] }

/** C08: what is recorded for equality monitoring only. Sex and gender are not on the list of Article 9, and are recorded with the rest. */
export const isMonitored = (category: Category) => category.startsWith('DEM-') && isSpecial(category)

/** What was said last counts, whenever it was typed in: whether that is what this says. */
export const isLastSaidOfEquality = ({ saidAt }: Equality, said: string) => saidAt === undefined || !isEarlier(said, saidAt)
const said = (was: Equality, optedOut: boolean, saidAt: string): Equality =>
  isLastSaidOfEquality(was, saidAt) ? { ...was, optedOut, saidAt } : was

export const evolveEquality: Evolve<Equality, EqualityEvent> = {
  DemographicsRecorded: (was, { fieldCodes }) => ({ ...was, declined: was.declined.filter(field => !fieldCodes.includes(field)) }),
  DemographicDeclined: (was, { fieldCodes }) => ({ ...was, declined: [...new Set([...was.declined, ...fieldCodes])] }),
  EqualityOptOutReceived: (was, { receivedAt }) => said(was, true, receivedAt),
  EqualityOptOutEnded: (was, { saidAt }) => said(was, false, saidAt),
}
