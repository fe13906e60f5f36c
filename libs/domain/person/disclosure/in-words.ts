import { type InWords, listed } from '#event-kit/in-words'
import type { DisclosureEvent } from './events.js'

export const disclosureInWords: InWords<DisclosureEvent> = {
  DisclosureRequested: ({ recipient, fields }) => `Asked to share ${listed(fields)} with ${recipient}.`,
  DisclosureAuthorised: ({ approver }) =>
    approver === 'NONE'
      ? 'The disclosure was authorised by the rule of the recipient matrix.'
      : `The disclosure was authorised (${approver}).`,
  DisclosureRefused: () => 'The disclosure was refused.',
  DataShared: ({ recipient, fields, basis, method }) =>
    `Shared ${listed(fields)} with ${recipient} by ${method}, on Article 6(1)(${basis.art6}).`,
  DisclosureDispatched: ({ transport }) => `It went out (${transport}).`,
  DisclosureDispatchFailed: ({ transport }) => `It could not be sent (${transport}); it is tried again.`,
  PendingDisclosureCancelled: ({ because }) => `It was not sent after all (${listed(because)}).`,
}
