/** The kind of an error, never its message: that may hold what a log must not. */
export const kindOf = (error: unknown): string => error instanceof Error ? error.constructor.name : 'unknown'

/** The code that the database or the network gave for the cause, or the cause's kind; undefined where there is none. */
export const causeOf = (error: unknown): unknown => error instanceof Error && error.cause instanceof Error ? (error.cause as { code?: unknown }).code ?? kindOf(error.cause) : undefined
