import type { StaffRef, SubjectRef } from '#kernel/id'

/** The actor of processes: a machine, which never decides about a person (INV-14). */
export const systemActor = { id: '00000000-0000-4000-8000-00000000c1ed' as StaffRef, role: 'system' } as const

/** A piece of work that an event began. */
export type Work = { readonly workId: string; readonly subjectRef: SubjectRef; readonly sourceEventId: string }

/** Not an error: a step has to wait for something, and the work is taken up again soon. */
export class NotYet extends Error {}
