/** A piece of work that an event began, on the stream that it is about. */
export type Work = { readonly workId: string; readonly stream: string; readonly sourceEventId: string }

/** Not an error: a step has to wait for something, and the work is taken up again soon. */
export class NotYet extends Error {}
