import type { Id } from '#kernel/id'
import { type DataOfEvent, EventDef, type EventOf, defineEvent } from './event.js'
import { type SubjectField, code, count, digestOfSealed, id, instant, list, policyCode, subject } from './field.js'
import { type KeySubject, homeIn, keySubjects, livesWith } from './key-subjects.js'
import { type Scope, erasableScopes, scopes } from './scope.js'

/** A key is announced on its subject's own stream before, or together with, its first use (ADR-0009). */
const keyFields = { kid: id('KeyId'), scope: code(...scopes), generation: count(), kc: digestOfSealed() }
type Rows = typeof keySubjects
type AnnouncementShape<K extends KeySubject> = Readonly<Record<Rows[K]['field'], SubjectField<Id<K>>>> & typeof keyFields
function announcement<const K extends KeySubject>(kind: K): EventDef<Rows[K]['announcedBy'], AnnouncementShape<K>> {
  const { announcedBy, field } = keySubjects[kind]
  return new EventDef(announcedBy, 1, { [field]: subject(kind), ...keyFields } as AnnouncementShape<K>)
}
export const SubjectKeyCreated = announcement('SubjectRef')
export const BreachKeyCreated = announcement('BreachId')
export const AuditKeyCreated = announcement('AuditId')
export const StaffKeyCreated = announcement('StaffRef')
export const IncidentKeyCreated = announcement('IncidentId')
/** It stands on the incident’s stream, and nowhere else is it said whose key it is. */
export const InvolvementKeyCreated = defineEvent('InvolvementKeyCreated', {
  incidentId: subject('IncidentId'),
  involvementId: subject('InvolvementId'),
  ...keyFields,
})

/**
 * From here on nothing is sealed under these keys; in-flight commands lose the revision race. Over everything that dies with the person
 * it closes its scopes for good. Over a part it does not: what the person gives again is sealed under the next generation. C13, C64.
 */
export const ErasureFenced = defineEvent('ErasureFenced', {
  subjectRef: subject('SubjectRef'),
  erasureId: id('ErasureId'),
  extent: code('ALL', 'SCOPES'),
  scopes: list(code(...scopes)),
  kids: list(id('KeyId'), 1_000),
  cause: policyCode(),
})

/** Why somebody who left is forgotten; the last one is the machine’s own, after a restore. */
export const staffErasureCauses = ['NO_LONGER_NEEDED', 'REQUESTED', 'RESTORED_FROM_JOURNAL'] as const
/** The same of a member of staff: who they were is sealed under these keys. Should they come back, their name is sealed afresh. */
export const StaffDetailsErased = defineEvent('StaffDetailsErased', {
  staffRef: subject('StaffRef'),
  cause: code(...staffErasureCauses),
  scopes: list(code(...scopes)),
  kids: list(id('KeyId'), 1_000),
})

/** What an incident holds of one person opens no more. The incident stays, and what it holds of others. */
export const InvolvementErased = defineEvent('InvolvementErased', {
  incidentId: subject('IncidentId'),
  involvementId: subject('InvolvementId'),
  scopes: list(code(...scopes)),
  kids: list(id('KeyId'), 1_000),
})

/** Whether an erasure of these scopes leaves nothing to go on with. */
export const closesForGood = (fenced: readonly Scope[]) => erasableScopes.every(scope => fenced.includes(scope))

/** Whose keys each kind of fence ends. */
const fences: ReadonlyMap<string, KeySubject> = new Map([
  [ErasureFenced.type, 'SubjectRef'],
  [StaffDetailsErased.type, 'StaffRef'],
  [InvolvementErased.type, 'InvolvementId'],
])
type Fence = DataOfEvent<typeof ErasureFenced> | DataOfEvent<typeof StaffDetailsErased> | DataOfEvent<typeof InvolvementErased>

/** What an event fences for the subject whose own stream it stands on. A fence of somebody else's fences nothing there. */
export function fencedBy({ type, stream, data }: { readonly type: string; readonly stream: string; readonly data: unknown }) {
  const kind = fences.get(type)
  if (kind === undefined) return undefined
  const fence = data as Fence & Readonly<Record<string, string>>
  if (homeIn(kind, fence[keySubjects[kind].field] ?? '', fence) !== stream) return undefined
  // Of a stream with several subjects, the scopes of the others go on.
  if (livesWith(kind) !== undefined) return { scopes: [], kids: fence.kids, forGood: false }
  return { scopes: fence.scopes, kids: fence.kids, forGood: closesForGood(fence.scopes) }
}

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
 * somebody else may know, or a single field that is erased (ADR-0009).
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
