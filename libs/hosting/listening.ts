import { createServer } from 'node:net'
import { resting } from '#event-store/patience'

export type Place = { readonly port: number; readonly host: string }

/** A process that was ended a moment ago may still hold its port. */
const patience = 2_000
const askAgainEvery = 100

/** The place is not one to listen at, and waiting does not mend that: it says which setting to change. */
export class CannotListen extends Error {}

const reasons: Readonly<Record<string, (place: Place) => string>> = {
  EADDRINUSE: ({ port }) =>
    'another program listens there, or Caseledger runs already. End it, or set PORT to another one: '
    + `PORT=${port < 65_535 ? port + 1 : port - 1}, or PORT=0 for any that is free`,
  EACCES: () => 'this user may not listen on so low a port. Set PORT to 1024 or more',
  EADDRNOTAVAIL: () => 'this machine has no such address. Set HOST to one of its own, such as 127.0.0.1',
  ENOTFOUND: () => 'there is no such host. Set HOST to a name or an address of this machine, such as 127.0.0.1',
  EAI_AGAIN: () => 'its name cannot be looked up. Set HOST to an address of this machine, such as 127.0.0.1',
  EINVAL: () => 'that is no address to listen at. Set HOST to one of this machine, such as 127.0.0.1',
}

/** Listens, and waits a moment for a port that is about to be free. @throws CannotListen; what `listen` throws else */
export async function listening<T>(place: Place, listen: () => Promise<T>, ms = patience): Promise<T> {
  for (const began = performance.now(); ;) {
    try {
      return await listen()
    } catch (error) {
      const code = String((error as { code?: unknown } | null)?.code)
      const why = Object.hasOwn(reasons, code) ? reasons[code] : undefined
      if (!why) throw error
      if (code !== 'EADDRINUSE' || performance.now() - began >= ms)
        throw new CannotListen(`It cannot listen on ${place.host}:${place.port}: ${why(place)} (${code}).`, { cause: error })
    }
    await resting(askAgainEvery, new AbortController().signal)
  }
}

/** Looks whether one could listen there, before much is started that would only end again. @throws CannotListen */
export const assertFree = (place: Place): Promise<void> =>
  listening(
    place,
    () =>
      new Promise<void>((resolve, reject) => {
        const server = createServer()
        server.once('error', reject)
        server.listen(place.port, place.host, () => {
          server.close(() => {
            resolve()
          })
        })
      }),
  )
