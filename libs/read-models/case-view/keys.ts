import type { Evolve } from '#decider/decider'
import type { KeyEvent } from '#event-kit/key-events'
import { erasableScopes } from '#event-kit/scope'
import { type Case, same, withFacts } from './facts.js'

export const keys: Evolve<Case, KeyEvent> = {
  SubjectKeyCreated: same,
  ErasureFenced: (was, { scopes: closed }, { occurredAt }) => {
    const erasedScopes = [...new Set([...was.facts.erasedScopes, ...closed])]
    const fields = Object.fromEntries(
      Object.entries(was.facts.fields).map(([field, about]) => [field, { ...about, erased: about.erased || closed.includes(about.scope) }]),
    )
    const whole = erasableScopes.every(scope => erasedScopes.includes(scope))
    return withFacts(was, { fields, erasedScopes, ...(whole && !was.facts.erasedAt ? { erasedAt: occurredAt } : {}) })
  },
  SubjectKeyDestroyed: same,
  // What the key still sealed was not kept: a field that was erased by itself.
  KeyRetired: (was, { kid }) =>
    withFacts(was, {
      fields: Object.fromEntries(
        Object.entries(was.facts.fields).map(([field, about]) => [
          field,
          { ...about, erased: about.erased || was.values[field]?.kid === kid },
        ]),
      ),
    }),
}
