import type { InWords } from '#event-kit/in-words'
import type { AccessEvent } from './events.js'

export const accessInWords: InWords<AccessEvent> = {
  BreakGlassUsed: ({ until }) => `The record was opened in need, until ${until}.`,
  BreakGlassReviewed: ({ outcome }) => `Somebody looked at an opening in need: ${outcome}.`,
  ConflictDeclared: ({ staffRef }) => `The record was closed to ${staffRef}: a conflict of interest.`,
  ConflictEnded: ({ staffRef }) => `The conflict of interest of ${staffRef} ended.`,
}
