import { kindOf } from '#kernel/error-kind'
import type { Ended } from './metrics.js'
import { type SpanFacts, inSpan } from './spans.js'

type Asks<T> = { readonly [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? K : never }[keyof T] & string

/** Puts a span and a measurement around some of an object's methods. The object itself is changed, so that whoever already has it is watched too. */
export function watch<T extends object>(target: T, what: string, methods: readonly Asks<T>[], ended: (method: Asks<T>, end: Ended) => void, factsOf: (args: readonly unknown[]) => SpanFacts = () => ({})): void {
  for (const method of methods) {
    const work = (target[method] as (...args: readonly unknown[]) => Promise<unknown>).bind(target)
    const watched = async (...args: readonly unknown[]) => {
      const began = performance.now()
      const end = (failed: string | undefined) => { ended(method, { failed, seconds: (performance.now() - began) / 1_000 }) }
      try {
        const answer = await inSpan(`${what}.${method}`, factsOf(args), () => work(...args))
        end(undefined)
        return answer
      } catch (error) {
        end(kindOf(error))
        throw error
      }
    }
    Object.defineProperty(target, method, { value: watched, configurable: true })
  }
}
