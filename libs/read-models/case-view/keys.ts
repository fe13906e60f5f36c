import type { Evolve } from '#decider/decider'
import { type KeyEvent, closesForGood } from '#event-kit/key-events'
import { type Case, same, withFacts } from './facts.js'

export const keys: Evolve<Case, KeyEvent> = {
  // After an erasure of a part the scope goes on with what is given again.
  SubjectKeyCreated: (was, { scope }) =>
    was.facts.erasedScopes.includes(scope) && !was.facts.erasedAt
      ? withFacts(was, { erasedScopes: was.facts.erasedScopes.filter(one => one !== scope) })
      : was,
  ErasureFenced: (was, { scopes: closed }, { occurredAt }) => {
    const erasedScopes = [...new Set([...was.facts.erasedScopes, ...closed])]
    const fields = Object.fromEntries(
      Object.entries(was.facts.fields).map(([field, about]) => [field, { ...about, erased: about.erased || closed.includes(about.scope) }]),
    )
    return withFacts(was, { fields, erasedScopes, ...(closesForGood(closed) && !was.facts.erasedAt ? { erasedAt: occurredAt } : {}) })
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
