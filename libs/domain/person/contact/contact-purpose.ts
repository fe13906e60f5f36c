import type { LawfulBasis } from '#kernel/lawful-basis'
import type { ContactAbout } from './events.js'

const service = {}

/** C57: on what a contact rests, where that is other than the service itself. */
export const restsOn: { readonly [A in ContactAbout]: { readonly purpose?: string; readonly basis?: LawfulBasis } } = {
  PROGRESS: service,
  INTERVENTION: service,
  REMINDER: service,
  RIGHTS: { purpose: 'RIGHTS_FULFILMENT', basis: { art6: 'c' } },
  SERVICE_WISH: { purpose: 'REFERRAL_INTAKE' },
  BREACH: { purpose: 'BREACH_RESPONSE', basis: { art6: 'c' } },
  VITAL_INTERESTS: { purpose: 'LIFE_SAVING', basis: { art6: 'd' } },
}
