import type { InWords } from '#event-kit/in-words'
import type { ContactEvent } from './events.js'

const some = (ways: readonly string[]) => (ways.length === 0 ? 'none' : ways.join(', '))

export const contactInWords: InWords<ContactEvent> = {
  ContactPreferencesSet: ({ preferred, refused, neverVoicemail, discreet }) =>
    `The person said how to be reached: rather by ${preferred ?? 'any way'}, refused: ${some(refused)}`
    + `${neverVoicemail ? ', and never a message left' : ''}${discreet ? '' : ', and the service may be named'}.`,
}
