import type { InWords } from '#event-kit/in-words'
import type { ContactEvent } from './events.js'

const some = (ways: readonly string[]) => (ways.length === 0 ? 'none' : ways.join(', '))
const broken = (how: string, obstacles: readonly string[]) => (obstacles.length === 0 ? '' : `${how} ${obstacles.join(', ')}`)

export const contactInWords: InWords<ContactEvent> = {
  ContactPreferencesSet: ({ preferred, refused, neverVoicemail, discreet }) =>
    `The person said how to be reached: rather by ${preferred ?? 'any way'}, refused: ${some(refused)}`
    + `${neverVoicemail ? ', and never a message left' : ''}${discreet ? '' : ', and the service may be named'}.`,
  ContactPlanned: ({ channel, about, plannedFor, despite }) =>
    `A contact by ${channel} was planned for ${plannedFor.slice(0, 10)} (${about})${broken(', despite', despite)}.`,
  ContactMade: ({ channel, about, contactedAt, against }) =>
    `The person was contacted by ${channel} on ${contactedAt.slice(0, 10)} (${about})${broken(', against', against)}.`,
  InboundMessageReceived: ({ channel, receivedAt }) => `A message came by ${channel} on ${receivedAt.slice(0, 10)}.`,
  InboundMessageHandled: ({ as }) => `Somebody has read a message: ${as}.`,
  PrivacyNoticeProvided: ({ noticeVersion, channel, providedAt }) =>
    `The person was given version ${noticeVersion} of the privacy notice by ${channel} on ${providedAt.slice(0, 10)}.`,
  ContactFailed: ({ channel, about, contactedAt, outcome, against }) =>
    `A contact by ${channel} on ${contactedAt.slice(0, 10)} (${about}) reached nobody: ${outcome}${broken(', against', against)}.`,
}
