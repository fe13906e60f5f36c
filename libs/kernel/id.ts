declare const of: unique symbol

/** A random identifier of one kind of thing: a UUID, never derived from a person. */
export type Id<B extends string> = string & { readonly [of]: B }

export type SubjectRef = Id<'SubjectRef'>
export type BreachId = Id<'BreachId'>
/** An audit: who may read the history, and what came of it. */
export type AuditId = Id<'AuditId'>
/** An incident of the Hub. */
export type IncidentId = Id<'IncidentId'>
/** One person in one incident. */
export type InvolvementId = Id<'InvolvementId'>
export type KeyId = Id<'KeyId'>
export type ErasureId = Id<'ErasureId'>
export type StaffRef = Id<'StaffRef'>
