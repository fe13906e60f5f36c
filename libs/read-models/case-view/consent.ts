import type { Evolve } from '#decider/decider'
import type { ConsentEvent } from '#domain/person/consent/events'
import { isOlder } from '#domain/person/consent/consents'
import { type Case, withFacts } from './facts.js'

export const consent: Evolve<Case, ConsentEvent> = {
  ConsentGranted: (was, { recipient, purpose, form, formVersion, categories, completedAt, validUntil }) =>
    isOlder(was.facts.consents[`${recipient}|${purpose}`], completedAt)
      ? was
      : withFacts(was, {
          consents: {
            ...was.facts.consents,
            [`${recipient}|${purpose}`]: {
              recipient,
              purpose,
              state: 'GIVEN',
              form,
              formVersion,
              categories,
              since: completedAt,
              validUntil,
            },
          },
        }),
  ConsentRefused: (was, { recipient, purpose, form, formVersion, categories, completedAt }) =>
    withFacts(was, {
      consents: {
        ...was.facts.consents,
        [`${recipient}|${purpose}`]: { recipient, purpose, state: 'REFUSED', form, formVersion, categories, since: completedAt },
      },
    }),
  ConsentWithdrawn: (was, { recipient, purpose, withdrawnAt }) => {
    const given = was.facts.consents[`${recipient}|${purpose}`]
    return given
      ? withFacts(was, {
          consents: { ...was.facts.consents, [`${recipient}|${purpose}`]: { ...given, state: 'WITHDRAWN', since: withdrawnAt } },
        })
      : was
  },
}
