import { hindranceIn } from '#kernel/outage'

/** The other side closed the connection that was kept alive, before it answered. */
const closedBefore = (error: unknown) => /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(hindranceIn(error).code)

/** Asks once more where the connection was closed before there was an answer: for what is done once, however often it is asked. */
export async function askedAgain<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!closedBefore(error)) throw error
    return ask()
  }
}

/** Whether a request may be sent again: it changes nothing, or has a key by which the service knows it again. */
export const mayBeRepeated = (method: string, headers: Pick<Headers, 'has'>): boolean =>
  method === 'GET' || method === 'HEAD' || headers.has('idempotency-key')
