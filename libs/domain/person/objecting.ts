import { noCategories, writeRules } from '#decider/command'
import { person } from './person.js'

/** K3: hearing an objection, and every step of what follows from it, is refused for nothing that the record or its reader is. */
export const hearingAnObjection = {
  aggregate: person,
  capability: 'RECEIVE_OBJECTION',
  purpose: 'RIGHTS_FULFILMENT',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: writeRules,
} as const
