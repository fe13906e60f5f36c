/** What is in the way of a part, in words, and whether waiting may mend it. */
export type Hindrance = { readonly code: string; readonly words: string; readonly mends: boolean }
type Known = readonly [codes: RegExp, words: string, mends: boolean]

/** What the codes of networks, TLS and databases mean to somebody who runs the service. */
const known: readonly Known[] = [
  [/^ECONNREFUSED$/, 'nothing listens there', true],
  [/^ENOTFOUND$/, 'there is no such host', true],
  [/^EAI_AGAIN$/, 'its name cannot be looked up', true],
  [/^(ETIMEDOUT|CONNECT_TIMEOUT|NoAnswer|DeadlineExceededError)$/, 'it does not answer', true],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, 'no way leads to its network', true],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|CONNECTION_.*|LockLost|08.*)$/, 'the connection broke', true],
  [/^57P0[123]$/, 'it is starting, stopping or recovering', true],
  [/^53300$/, 'it has no connection left', true],
  [/^53/, 'it has no room or memory left', true],
  [/^28P01$/, 'it refuses the password', false],
  [/^28/, 'it does not let this user in', false],
  [/^3D000$/, 'there is no such database', false],
  [/^42501$/, 'this user may not do what is needed', false],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY|GET)_.*|CERT_.*|ERR_TLS_CERT_.*)$/,
    'its TLS certificate is not one that is trusted here',
    false,
  ],
  [/^(EPROTO|ERR_SSL_.*)$/, 'it does not speak TLS, or not as it is spoken here', false],
]

export const hindrance = (code: string): Hindrance => {
  const [, words, mends] = known.find(([codes]) => codes.test(code)) ?? [undefined, 'it cannot be used', true]
  return { code, words, mends }
}

type Thrown = {
  readonly code?: unknown
  readonly message?: unknown
  readonly cause?: unknown
  readonly errors?: readonly unknown[]
  readonly constructor?: { readonly name: string }
}

/** Of an error and what caused it, the innermost that has a code of its own, else the innermost's kind: never a message. */
export function hindranceIn(error: unknown): Hindrance {
  let code = 'unknown'
  for (
    let [at, deep] = [error, 0];
    typeof at === 'object' && at !== null && deep < 8;
    [at, deep] = [(at as Thrown).cause ?? (at as Thrown).errors?.[0], deep + 1]
  )
    code = codeIn(at)
  return hindrance(code)
}

/** A code in letters, or one of the network's that a message repeats; a number means nothing to anybody. */
function codeIn({ code, message, constructor }: Thrown): string {
  if (typeof code === 'string') return code
  return (
    (typeof message === 'string'
      ? /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)\b/.exec(message)?.[0]
      : undefined)
    ?? constructor?.name
    ?? 'unknown'
  )
}
