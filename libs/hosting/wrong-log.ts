/**
 * This installation's log is not the one that it was started with, or the log is another vault's. Nothing was read of it or written to
 * it. Waiting does not mend this.
 */
export class WrongLog extends Error {}
