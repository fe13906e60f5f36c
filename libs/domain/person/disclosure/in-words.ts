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
    `${listed(fields)} may go to ${recipient} by ${method}, on Article 6(1)(${basis.art6}); it waits to be sent.`,
  DisclosureReleased: ({ transport }) => `It was looked at again and is being handed over (${transport}).`,
  DisclosureDispatched: ({ transport, method, sentAt }) => `It went out (${method ?? transport}) on ${sentAt}.`,
  DisclosureFoundSent: ({ method, sentAt, reviewItems }) =>
    `It turned out to have been sent by ${method} on ${sentAt}; to be reviewed: ${listed(reviewItems)}.`,
  SentDisclosureFlagged: ({ reviewItems }) => `What was sent is to be reviewed: ${listed(reviewItems)}.`,
  DisclosureDispatchFailed: ({ transport }) => `It could not be sent (${transport}); it is tried again.`,
  PendingDisclosureCancelled: ({ because }) => `It was not sent after all (${listed(because)}).`,
}
