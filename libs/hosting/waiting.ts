import { resting } from '#event-store/patience'
import type { Hindrance } from '#kernel/outage'

/** How long a process that starts, or starts again, waits for the parts that it needs: the same for every process and every part. */
export const startPatience = 120_000
const askAgainEvery = 100
const sayEvery = 15_000

/** Where a part is, and the setting that says so. An address has no user or password in it. */
export type Part = { readonly name: string; readonly address: string; readonly setting: string }

/** A part that cannot be used now. */
export class PartAway extends Error {
  constructor(
    readonly part: Part,
    readonly hindrance: Hindrance,
    readonly waitedMs = 0,
  ) {
    const waited = waitedMs > 0 ? ` It was waited for, ${Math.round(waitedMs / 1_000)} seconds.` : ''
    super(
      `${capital(part.name)} at ${part.address} cannot be used: ${hindrance.words}${spelled(hindrance.code)}.`
        + `${waited} Look at ${part.setting}.`,
    )
  }
}
const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
/** What the driver calls it, for who looks it up; a kind of ours is told by the words. */
const spelled = (code: string) => (/^[A-Z0-9_]{5,}$/.test(code) ? ` (${code})` : '')

/** It was asked to stop before it was ready. */
export class AskedToStop extends Error {
  constructor() {
    super('It was asked to stop before it was ready.')
  }
}

export type Waiting = { readonly signal: AbortSignal; readonly say?: (words: string) => void; readonly ms?: number }
const toStderr = (words: string) => {
  process.stderr.write(`${words}\n`)
}

/**
 * Asks until every part that it needs is there, and says what it waits for: when that begins, when it changes, and now and then.
 * @throws PartAway when patience is over, and at once for what waiting does not mend; AskedToStop; whatever else `ask` throws.
 */
export async function patiently<T>(ask: () => Promise<T>, { signal, say = toStderr, ms = startPatience }: Waiting): Promise<T> {
  const began = performance.now()
  for (let [told, toldAt] = ['', 0]; ;) {
    if (signal.aborted) throw new AskedToStop()
    try {
      const found = await ask()
      if (told !== '') say(`Everything that was waited for is there, after ${Math.round((performance.now() - began) / 1_000)} seconds.`)
      return found
    } catch (error) {
      if (!(error instanceof PartAway)) throw error
      const { part, hindrance } = error
      const now = performance.now()
      if (!hindrance.mends || now - began >= ms) throw new PartAway(part, hindrance, now - began >= ms ? now - began : 0)
      const news = `Waiting for ${part.name} at ${part.address}: ${hindrance.words}${spelled(hindrance.code)}`
      if (news !== told || now - toldAt >= sayEvery) {
        say(`${news}. It is asked again for up to ${Math.round((ms - (now - began)) / 1_000)} seconds.`)
        ;[told, toldAt] = [news, now]
      }
    }
    await resting(askAgainEvery, signal)
  }
}
