import { type InWords, listed } from '#event-kit/in-words'
import type { KeyEvent } from '#event-kit/key-events'

export const keysInWords: InWords<KeyEvent> = {
  SubjectKeyCreated: ({ scope, generation }) => `A key was made for ${scope} (generation ${generation}).`,
  ErasureFenced: ({ scopes, kids }) => `From here on nothing is sealed for ${listed(scopes)}; ${kids.length} keys are to be destroyed.`,
  KeyRetired: ({ scope, cause }) =>
    `The key for ${scope} was replaced (${cause === 'COMPROMISED' ? 'it may be known to somebody' : 'a field was erased'}); what stays was sealed again.`,
  SubjectKeyDestroyed: ({ scope }) => `The key for ${scope} was destroyed.`,
}
