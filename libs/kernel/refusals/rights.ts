import type { RefusalsOf } from './refusal-text.js'

/** How a person’s request is answered. */
export const rights = {
  REFUSAL_REASONS_INCOMPLETE: {
    class: 'rights',
    clause: 'C70',
    rule: 'A refusal, also of a part, is explained in full, and a decision does not contradict itself.',
    remedy:
      'Give the reasons, decide on every scope that is held, each once, and name the exemption for every scope that is kept; '
      + 'to keep any scope, decide PARTLY.',
  },
  ERASURE_DEFERRED_SAFEGUARDING: {
    class: 'rights',
    clause: 'C13',
    rule: 'What is on its way to protect somebody, or is due by law, goes before an erasure of it, for five working days at most.',
    remedy: 'Have that disclosure decided on or sent, or what was told in an emergency reviewed, then decide again.',
  },
} as const satisfies RefusalsOf<'rights'>
