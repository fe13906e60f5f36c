import type { DataOfEvent } from '#event-kit/event'
import { type InWords, listed } from '#event-kit/in-words'
import type { KeyEvent, KeyRetired } from '#event-kit/key-events'

const why = (cause: DataOfEvent<typeof KeyRetired>['cause']) =>
  cause === 'COMPROMISED' ? 'it may be known to somebody' : 'a field was erased'

export const keysInWords: InWords<KeyEvent> = {
  SubjectKeyCreated: ({ scope, generation }) => `A key was made for ${scope} (generation ${generation}).`,
  ErasureFenced: ({ scopes, kids }) => `From here on nothing is sealed for ${listed(scopes)}; ${kids.length} keys are to be destroyed.`,
  KeyRetired: ({ scope, cause }) => `The key for ${scope} was replaced (${why(cause)}); what stays was sealed again.`,
  SubjectKeyDestroyed: ({ scope }) => `The key for ${scope} was destroyed.`,
}
