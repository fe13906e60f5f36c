import { type InWords, listed } from '#event-kit/in-words'
import type { EmergencyEvent } from './events.js'

export const emergencyInWords: InWords<EmergencyEvent> = {
  EmergencyDisclosureMade: ({ recipient, categories, method }) =>
    `Told in an emergency, by ${method}, to ${recipient}: ${listed(categories)}.`,
  EmergencyDisclosureReviewed: ({ outcome }) => `What was told in an emergency was reviewed: ${outcome}.`,
}
