import type { SubjectRef } from '#kernel/id'

/** A piece of work that an event began. */
export type Work = { readonly workId: string; readonly subjectRef: SubjectRef; readonly sourceEventId: string }

/** Not an error: a step has to wait for something, and the work is taken up again soon. */
export class NotYet extends Error {}
