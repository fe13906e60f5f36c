import { type InWords, listed } from '#event-kit/in-words'
import type { ConsentEvent } from './events.js'

/** Of a form that was filled in before what was said since. */
const older = (counts: boolean | undefined) => (counts === false ? ', which something newer had replaced' : '')

const unknown = 'what nobody here knows'

export const consentInWords: InWords<ConsentEvent> = {
  ConsentGranted: ({ recipient, purpose, categories, formVersion, counts }) =>
    `Consent given on ${formVersion} to share ${listed(categories)} with ${recipient} for ${purpose}${older(counts)}.`,
  ConsentRefused: ({ recipient, purpose, formVersion, counts }) =>
    `Consent refused on ${formVersion} for ${recipient}, ${purpose}${older(counts)}.`,
  WithdrawalReceived: ({ extent, recipient, purpose, channel }) =>
    `Withdrawal received by ${channel}: ${extent === 'ALL' ? 'of every consent' : `for ${recipient ?? unknown}, ${purpose ?? unknown}`}.`,
  ConsentWithdrawn: ({ recipient, purpose, channel }) => `Consent for ${recipient}, ${purpose} withdrawn by ${channel}.`,
}
