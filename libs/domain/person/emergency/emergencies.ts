import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { WideMap } from '#kernel/wide-map'
import type { EmergencyDisclosureMade, EmergencyEvent, EmergencyOutcome } from './events.js'

/** What was told in an emergency, by whom, and what the review found; without an outcome it is open. */
export type Emergency = Pick<DataOfEvent<typeof EmergencyDisclosureMade>, 'recipient' | 'categories' | 'fields' | 'reviewDue'> & {
  readonly madeBy: string
  readonly outcome?: EmergencyOutcome
  /** When it was recorded: from when on a review can be waited for. */
  readonly since: string
}
export type Emergencies = WideMap<Emergency>
export const noEmergencies: Emergencies = WideMap.empty()

export const evolveEmergencies: Evolve<Emergencies, EmergencyEvent> = {
  EmergencyDisclosureMade: (emergencies, { disclosureId, recipient, categories, fields, reviewDue }, { actor, recordedAt }) =>
    emergencies.with(disclosureId, { recipient, categories, fields, reviewDue, madeBy: actor.id, since: recordedAt }),
  EmergencyDisclosureReviewed: (emergencies, { disclosureId, outcome }) => {
    const known = emergencies.get(disclosureId)
    return known ? emergencies.with(disclosureId, { ...known, outcome }) : emergencies
  },
}

/** Those that the Caldicott Guardian has not looked at yet: what was written of them is what the review goes by. */
export const openReviews = (emergencies: Emergencies): readonly Emergency[] =>
  [...emergencies.values()].filter(({ outcome }) => outcome === undefined)
