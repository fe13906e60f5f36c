/** The kind of an error, never its message: that may hold what a log must not. */
export const kindOf = (error: unknown): string => (error instanceof Error ? error.constructor.name : 'unknown')

/** Whether a database or network is away or not itself, as drivers and SQLSTATE classes 08, 53 and 57 say it. */
export function isConnectionError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return (
    typeof code === 'string'
    && /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EHOSTUNREACH|ENETUNREACH|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08|53|57)/.test(code)
  )
}

/** Whether an error, or what caused it, however deep, is of a kind. */
export const isCausedBy = (error: unknown, kind: abstract new (...args: never[]) => Error): boolean =>
  error instanceof kind || (error instanceof Error && error.cause !== undefined && isCausedBy(error.cause, kind))

/**
 * The code that the database or the network gave for the cause, or the cause's kind; undefined where there is none. A number says nothing
 * to anybody.
 */
export function causeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !(error.cause instanceof Error)) return undefined
  const { code } = error.cause as { code?: unknown }
  return typeof code === 'string' ? code : kindOf(error.cause)
}
