import { categoryOf } from '#event-kit/scope'
import { formOfItsOwn } from '#kernel/consent-form'
import { consentKey } from '../consent/consents.js'
import type { Person } from '../person.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import type { MatrixRow } from './matrix-row.js'
import type { SharingRefusal } from './sharing-refusals.js'

/** What the consent that stands lets go: the fields of what was ticked, and of any consent the little that says whom it is about. */
export type Coverage = {
  readonly failures: readonly SharingRefusal[]
  readonly opens: (field: string) => boolean
  readonly consentEventId?: string
  readonly consentFormVersion?: string
}

export function consentCoverage(person: Person, row: MatrixRow, asked: DisclosureAsked, now: string): Coverage {
  if (row.form === 'NONE') return { failures: [], opens: () => true }
  const consent = person.consents.get(consentKey(asked.recipient, asked.purpose))
  const failing = (code: SharingRefusal) => ({ failures: [code], opens: () => false })
  if (row.form !== 'SHARING' && consent?.form !== row.form) return failing(formOfItsOwn[row.form])
  if (!consent || consent.state === 'REFUSED' || consent.form !== row.form) return failing('CONSENT_NOT_GRANTED')
  if (consent.state === 'WITHDRAWN') return failing('CONSENT_WITHDRAWN')
  if (consent.validUntil !== undefined && Date.parse(consent.validUntil) <= Date.parse(now)) return failing('CONSENT_EXPIRED')
  // Such a YES was taken once: it says yes to nothing that could go.
  if (consent.categories.length === 0) return failing('CONSENT_SCOPE_EXCEEDED')
  const ticked = new Set<string>(consent.categories)
  const opens = (field: string) => ticked.has(categoryOf(field)) || row.minimum.includes(field)
  const covers = (category: string) => ticked.has(category) || row.minimum.some(field => categoryOf(field) === category)
  const isCovered = asked.categories.every(covers) && asked.fields.filter(field => row.fields.includes(field)).every(opens)
  return {
    failures: isCovered ? [] : ['CONSENT_SCOPE_EXCEEDED'],
    opens,
    consentEventId: consent.eventId,
    consentFormVersion: consent.formVersion,
  }
}
