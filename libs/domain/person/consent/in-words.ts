import { type InWords, listed } from '#event-kit/in-words'
import type { ConsentEvent } from './events.js'

export const consentInWords: InWords<ConsentEvent> = {
  ConsentGranted: ({ recipient, purpose, categories, formVersion }) =>
    `Consent given on ${formVersion} to share ${listed(categories)} with ${recipient} for ${purpose}.`,
  ConsentRefused: ({ recipient, purpose, formVersion }) => `Consent refused on ${formVersion} for ${recipient}, ${purpose}.`,
  ConsentWithdrawn: ({ recipient, purpose, channel }) => `Consent for ${recipient}, ${purpose} withdrawn by ${channel}.`,
}
