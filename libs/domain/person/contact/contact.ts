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
/** How somebody may be reached. */
export type Contact = {
  readonly preferences?: ContactPreferences
  /** What is planned, and has not happened yet. */
  readonly planned: readonly ContactId[]
}
export const noContact: Contact = { planned: [] }

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
}
