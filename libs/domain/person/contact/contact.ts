import type { Evolve } from '#decider/decider'
import { type Channel, channels } from '../channels.js'
import type { ContactEvent, ContactId } from './events.js'

export type ContactPreferences = {
  readonly saidAt: string
  readonly allowed: readonly Channel[]
  readonly preferred?: Channel | undefined
  readonly refused: readonly Channel[]
  readonly neverVoicemail: boolean
  readonly discreet: boolean
}
export type Message = { readonly channel: Channel; readonly receivedAt: string; readonly handled: boolean }
export type NoticeProvided = { readonly noticeVersion: string; readonly channel: Channel; readonly providedAt: string }
/** How somebody may be reached, what has reached us from them, and which notice they have had. */
export type Contact = {
  readonly preferences?: ContactPreferences
  /** What is planned, and has not happened yet. */
  readonly planned: readonly ContactId[]
  /** What has arrived, and whether somebody has said what it was. */
  readonly messages: Readonly<Record<string, Message>>
  /** The notice that the person was given last. */
  readonly notice?: NoticeProvided
}
export const noContact: Contact = { planned: [], messages: {} }

/** The ways that are left to reach somebody by. */
export const permittedBy = ({ preferences }: Pick<Contact, 'preferences'>): readonly Channel[] =>
  channels.filter(channel => !preferences?.refused.includes(channel))

/** What was said last counts, whenever it was typed in: whether that is what this event says. */
export const isLastSaid = ({ preferences }: Contact, { saidAt }: { readonly saidAt: string }) => preferences?.saidAt === saidAt

const happened = (was: Contact, { contactId }: { readonly contactId: ContactId }): Contact => ({
  ...was,
  planned: was.planned.filter(one => one !== contactId),
})

export const evolveContact: Evolve<Contact, ContactEvent> = {
  ContactPreferencesSet: (was, { saidAt, allowed, preferred, refused, neverVoicemail, discreet }) =>
    saidAt < (was.preferences?.saidAt ?? '')
      ? was
      : { ...was, preferences: { saidAt, allowed, preferred, refused, neverVoicemail, discreet } },
  ContactPlanned: (was, { contactId }) => ({ ...was, planned: [...was.planned, contactId] }),
  ContactMade: happened,
  ContactFailed: happened,
  InboundMessageReceived: (was, { messageId, channel, receivedAt }) => ({
    ...was,
    messages: { ...was.messages, [messageId]: { channel, receivedAt, handled: false } },
  }),
  InboundMessageHandled: (was, { messageId }) => {
    const message = was.messages[messageId]
    return message ? { ...was, messages: { ...was.messages, [messageId]: { ...message, handled: true } } } : was
  },
  PrivacyNoticeProvided: (was, { noticeVersion, channel, providedAt }) =>
    providedAt < (was.notice?.providedAt ?? '') ? was : { ...was, notice: { noticeVersion, channel, providedAt } },
}
