import { kindOf } from '#kernel/error-kind'
import type { Ended } from './metrics.js'
import { type SpanFacts, inSpan } from './spans.js'

type Asks<T> = { readonly [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? K : never }[keyof T] & string
type Look<M extends string> = {
  /** What the span says from its beginning. */
  readonly begins?: (args: readonly unknown[]) => SpanFacts
  /** Counts how a call ended, and adds to what the span says. `answer` is undefined where it failed. */
  readonly ends: (method: M, ended: Ended, args: readonly unknown[], answer: unknown) => SpanFacts | undefined
}

/**
 * Puts a span of this name and a look around some of an object's methods. The object itself is changed, so that whoever already has it is
 * watched too.
 */
export function watch<T extends object, M extends Asks<T>>(
  target: T,
  spans: Readonly<Record<M, string>>,
  { begins = () => ({}), ends }: Look<M>,
): void {
  for (const [method, span] of Object.entries(spans) as [M, string][]) {
    const work = (target[method] as (...args: readonly unknown[]) => Promise<unknown>).bind(target)
    const watched = (...args: readonly unknown[]) => {
      const began = performance.now()
      return inSpan(span, begins(args), async tell => {
        const end = (failed: string | undefined, answer?: unknown) => {
          tell(ends(method, { failed, seconds: (performance.now() - began) / 1_000 }, args, answer) ?? {})
        }
        try {
          const answer = await work(...args)
          end(undefined, answer)
          return answer
        } catch (error) {
          end(kindOf(error))
          throw error
        }
      })
    }
    Object.defineProperty(target, method, { value: watched, configurable: true })
  }
}
