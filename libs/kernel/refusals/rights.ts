import type { RefusalsOf } from './refusal-text.js'

/** How a person’s request is answered. */
export const rights = {
  REFUSAL_REASONS_INCOMPLETE: {
    class: 'rights',
    clause: 'C70',
    rule: 'A refusal, also of a part, is explained in full.',
    remedy: 'Give the reasons, name each scope once, and the exemption for every scope that is kept; to keep any scope, decide PARTLY.',
  },
} as const satisfies RefusalsOf<'rights'>
