import type { Evolve } from '#decider/decider'
import { type Channel, channels } from '../channels.js'
import type { ContactEvent } from './events.js'

export type ContactPreferences = {
  readonly saidAt: string
  readonly allowed: readonly Channel[]
  readonly preferred?: Channel | undefined
  readonly refused: readonly Channel[]
  readonly neverVoicemail: boolean
  readonly discreet: boolean
}
/** How somebody may be reached. */
export type Contact = { readonly preferences?: ContactPreferences }
export const noContact: Contact = {}

/** The ways that are left to reach somebody by. */
export const permittedBy = ({ preferences }: Contact): readonly Channel[] =>
  channels.filter(channel => !preferences?.refused.includes(channel))

/** What was said last counts, whenever it was typed in: whether that is what this event says. */
export const isLastSaid = ({ preferences }: Contact, { saidAt }: { readonly saidAt: string }) => preferences?.saidAt === saidAt

export const evolveContact: Evolve<Contact, ContactEvent> = {
  ContactPreferencesSet: (was, { saidAt, allowed, preferred, refused, neverVoicemail, discreet }) =>
    saidAt < (was.preferences?.saidAt ?? '')
      ? was
      : { ...was, preferences: { saidAt, allowed, preferred, refused, neverVoicemail, discreet } },
}
