import { isDeepStrictEqual } from 'node:util'
import { visible } from '#decider/spec'
import { Personal } from '#kernel/personal'

type Tester = (one: unknown, other: unknown) => boolean | undefined

/**
 * What lies in a private field is invisible to Jest: any two values about a person were equal to it, and one that is expected matched
 * that there is none.
 */
// The types that Jest's globals come with do not know of it yet.
;(expect as unknown as { addEqualityTesters(testers: readonly Tester[]): void }).addEqualityTesters([
  (one, other) => {
    if (!(one instanceof Personal) && !(other instanceof Personal)) return undefined
    return one instanceof Personal && other instanceof Personal && isDeepStrictEqual(visible(one), visible(other))
  },
])
