import type { Evolve } from '#decider/decider'
import { emergencyPurpose, emergencyRow } from '#domain/person/emergency/make-emergency-disclosure'
import type { EmergencyEvent } from '#domain/person/emergency/events'
import { type Case, same, withFacts } from './facts.js'

/** Somebody was told: it stands among the disclosures. What the review found, the ledger says. */
export const emergency: Evolve<Case, EmergencyEvent> = {
  EmergencyDisclosureMade: (was, { disclosureId, madeAt }) =>
    withFacts(was, {
      disclosures: {
        ...was.facts.disclosures,
        [disclosureId]: { disclosureId, recipient: emergencyRow, purpose: emergencyPurpose, state: 'SENT', at: madeAt },
      },
    }),
  EmergencyDisclosureReviewed: same,
}
