import { type ExampleOfEach, inventedAt as at } from '#event-kit/examples'
import { ErasureFenced, type KeyEvent, KeyRetired, SubjectKeyCreated, SubjectKeyDestroyed } from '#event-kit/key-events'
import { erasableScopes } from '#event-kit/scope'
import { erasureId, kid, subjectRef } from '../invented.js'

/** One example of every event of this concern, every optional field filled. */
export const keyExamples = {
  SubjectKeyCreated: SubjectKeyCreated.of({ subjectRef, kid, scope: 'REF', generation: 1, kc: 'A'.repeat(43) }),
  ErasureFenced: ErasureFenced.of({ subjectRef, erasureId, extent: 'ALL', scopes: erasableScopes, kids: [kid], cause: 'ART17-APPROVED' }),
  SubjectKeyDestroyed: SubjectKeyDestroyed.of({ subjectRef, kid, scope: 'REF', erasureId, destroyedAt: at }),
  KeyRetired: KeyRetired.of({ subjectRef, kid, scope: 'EMP', cause: 'COMPROMISED', retiredAt: at }),
} satisfies ExampleOfEach<KeyEvent>
