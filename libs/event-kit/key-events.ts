import { type EventOf, defineEvent } from './event.js'
import { code, count, digestOfSealed, id, instant, list, policyCode, subject } from './field.js'
import { scopes } from './scope.js'

/** A key is announced on its subject's own stream before, or together with, its first use (ADR-0009). */
export const SubjectKeyCreated = defineEvent('SubjectKeyCreated', {
  subjectRef: subject('SubjectRef'),
  kid: id('KeyId'),
  scope: code(...scopes),
  generation: count(),
  kc: digestOfSealed(),
})

/** The same for the key of a breach, which is a key subject of its own: its narrative does not die with a person in it. */
export const BreachKeyCreated = defineEvent('BreachKeyCreated', {
  breachId: subject('BreachId'),
  kid: id('KeyId'),
  scope: code(...scopes),
  generation: count(),
  kc: digestOfSealed(),
})

/** And for the key of an audit: what auditors and the service say of a finding is theirs, whoever it is about. */
export const AuditKeyCreated = defineEvent('AuditKeyCreated', {
  auditId: subject('AuditId'),
  kid: id('KeyId'),
  scope: code(...scopes),
  generation: count(),
  kc: digestOfSealed(),
})
const announcements: readonly string[] = [SubjectKeyCreated.type, BreachKeyCreated.type, AuditKeyCreated.type]
export const announcesKey = (type: string) => announcements.includes(type)

/** From here on every fold refuses to seal in these scopes; in-flight commands lose the revision race. C13, C64. */
export const ErasureFenced = defineEvent('ErasureFenced', {
  subjectRef: subject('SubjectRef'),
  erasureId: id('ErasureId'),
  extent: code('ALL', 'SCOPES'),
  scopes: list(code(...scopes)),
  kids: list(id('KeyId'), 1_000),
  cause: policyCode(),
})

export const SubjectKeyDestroyed = defineEvent('SubjectKeyDestroyed', {
  subjectRef: subject('SubjectRef'),
  kid: id('KeyId'),
  scope: code(...scopes),
  erasureId: id('ErasureId'),
  destroyedAt: instant(),
})

export const retirementCauses = ['COMPROMISED', 'FIELD_ERASED'] as const
export type RetirementCause = (typeof retirementCauses)[number]

/**
 * One generation of a key ends: what stays of its scope was sealed again under the next generation, in the same append. A key that
 * somebody else may know, or a
 * single field that is erased (ADR-0009).
 */
export const KeyRetired = defineEvent('KeyRetired', {
  subjectRef: subject('SubjectRef'),
  kid: id('KeyId'),
  scope: code(...scopes),
  cause: code(...retirementCauses),
  retiredAt: instant(),
})

export const keyEvents = [SubjectKeyCreated, ErasureFenced, SubjectKeyDestroyed, KeyRetired] as const
export type KeyEvent = EventOf<(typeof keyEvents)[number]>
