/** Whoever holds it works on tables in `read_model_build`. */
export const rebuildLock = 7311

/** Somebody else is rebuilding. */
export class AnotherRebuild extends Error {
  constructor() {
    super('Another rebuild is going on. Wait until it has ended.')
  }
}
