import { type Scope, erasableScopes } from '#event-kit/scope'
import type { Personal } from '#kernel/personal'
import type { RefusedPart } from '#kernel/refusals'
import type { Keys } from '../keys/keys.js'
import type { ErasureExemption } from './events.js'
import { scopesInWords as named } from './scopes-in-words.js'

export type ScopeDecision = {
  readonly scope: Scope
  readonly decision: 'ERASED' | 'RETAINED'
  readonly exemption?: ErasureExemption | undefined
}
export type ErasureDecision = {
  readonly decision: 'APPROVED' | 'REFUSED' | 'PARTLY'
  readonly perScope: readonly ScopeDecision[]
  readonly reasons?: Personal<string> | undefined
}

/** The scopes of which something is held: those with a key that is alive. The evidence is kept whatever is decided. */
export const heldScopes = ({ live }: Pick<Keys, 'live'>): readonly Scope[] => {
  const alive = new Set(live.values())
  return erasableScopes.filter(scope => alive.has(scope))
}
const scopesThat = ({ perScope }: ErasureDecision, what: 'ERASED' | 'RETAINED') =>
  perScope.filter(({ decision }) => decision === what).map(({ scope }) => scope)

/** C17: nothing of what is held is kept, whatever the decision is called. */
export const isWhole = (decision: ErasureDecision, held: readonly Scope[]) =>
  decision.decision === 'APPROVED'
  || (decision.decision === 'PARTLY' && held.every(scope => scopesThat(decision, 'ERASED').includes(scope)))

/** C64, C70: what a decision leaves open, and where it says two things at once. */
export function whatIsWrong(decision: ErasureDecision, held: readonly Scope[]): readonly RefusedPart[] {
  const [erased, kept] = [scopesThat(decision, 'ERASED'), scopesThat(decision, 'RETAINED')]
  const all = decision.perScope.map(({ scope }) => scope)
  const undecided = held.filter(scope => !all.includes(scope))
  return [
    ...part(
      all.filter((scope, n) => all.indexOf(scope) !== n),
      scopes => `names ${scopes} more than once`,
    ),
    ...part(
      erased.filter(scope => scope === 'EVID'),
      scopes => `erases ${scopes}, which is kept whatever is decided: leave it out`,
    ),
    ...part(
      decision.perScope.filter(one => one.decision === 'ERASED' && one.exemption !== undefined).map(({ scope }) => scope),
      scopes => `names an exemption for ${scopes}, which it erases`,
    ),
    ...(decision.decision === 'APPROVED'
      ? part(kept, scopes => `keeps ${scopes}: a full approval keeps nothing; decide PARTLY`)
      : part(
          decision.perScope.filter(one => one.decision === 'RETAINED' && one.exemption === undefined).map(({ scope }) => scope),
          scopes => `names no exemption of Article 17(3) for ${scopes}`,
        )),
    ...byDecision[decision.decision](decision, { erased, kept, undecided, held }),
  ]
}

type Said = { readonly [S in 'erased' | 'kept' | 'undecided' | 'held']: readonly Scope[] }
const byDecision: { readonly [D in ErasureDecision['decision']]: (decision: ErasureDecision, said: Said) => readonly RefusedPart[] } = {
  APPROVED: ({ perScope }, { undecided }) =>
    perScope.length > 0
      ? part(undecided, scopes => `leaves out ${scopes}, which a full approval erases too: name all that is held, or none`)
      : [],
  REFUSED: ({ reasons }, { erased }) => [
    ...part(erased, scopes => `erases ${scopes}, though the request is refused; decide PARTLY`),
    ...unexplained(reasons),
  ],
  PARTLY: (decision, { erased, kept, undecided, held }) => [
    ...part(undecided, scopes => `says nothing of ${scopes}, which is held: decide each as ERASED or RETAINED`),
    ...(erased.length === 0 || (held.length > 0 && !held.some(scope => erased.includes(scope)))
      ? [{ field: 'perScope', rule: 'erases nothing that is held; decide REFUSED' }]
      : []),
    ...(isWhole(decision, held) && held.length > 0
      ? part(kept, scopes => `keeps ${scopes}, of which nothing is held, and erases everything else: leave it out`)
      : unexplained(decision.reasons)),
  ],
}

const part = (scopes: readonly Scope[], rule: (named: string) => string): readonly RefusedPart[] =>
  scopes.length > 0 ? [{ field: 'perScope', rule: rule(named([...new Set(scopes)])) }] : []
const unexplained = (reasons: ErasureDecision['reasons']): readonly RefusedPart[] =>
  reasons ? [] : [{ field: 'reasons', rule: 'is needed where anything is refused' }]
