import type { DataOfEvent } from '#event-kit/event'
import { type Category, isSpecial } from '#event-kit/scope'
import type { LawfulBasis } from '#kernel/lawful-basis'
import { citationInWords, isCitation } from './citation.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import type { DisclosureRequested } from './events.js'
import type { MatrixRow, SharingPolicy } from './matrix-row.js'
import type { SharingRefusal } from './sharing-refusals.js'

/** On what a disclosure rests, as its events say it. */
export type Basis = DataOfEvent<typeof DisclosureRequested>['basis']

/** LEGAL_DUTY claims the law as basis; otherwise a row that offers another basis than (c) rests on that one. */
export function basisOf(row: MatrixRow, { confidentialityBasis, legalProvision, citedAsText }: DisclosureAsked, now: string): Basis {
  const other = row.art6.find(basis => basis !== 'c')
  const cites = legalProvision !== undefined || citedAsText !== undefined
  const claimsTheLaw = row.art6.includes('c') && (confidentialityBasis === 'LEGAL_DUTY' || cites || other === undefined)
  const art6 = claimsTheLaw ? 'c' : (other ?? 'c')
  return {
    art6,
    ...(art6 === 'ea' && row.annex1 ? { annex1: row.annex1 } : {}),
    ...(row.art9 ? { art9: row.art9 } : {}),
    ...(row.sch1 ? { sch1: row.sch1 } : {}),
    ...(isCitation(legalProvision, now) ? { citation: legalProvision } : {}),
    ...(citedAsText === undefined ? {} : { provision: citedAsText }),
  }
}

/** The same as every event says it, with the law in words. */
export const lawfulBasisOf = ({ art6, art9, sch1, citation, provision }: Basis): LawfulBasis => {
  const cited = citation ? citationInWords(citation) : provision
  return { art6, ...(art9 ? { art9 } : {}), ...(sch1 ? { sch1 } : {}), ...(cited ? { provision: cited } : {}) }
}

/** C22. A court's order is itself the provision. */
export const citationFailures = (row: MatrixRow, { hasOrderReference }: DisclosureAsked, basis: Basis): readonly SharingRefusal[] =>
  basis.art6 !== 'c'
  || basis.citation !== undefined
  || basis.provision !== undefined
  || (row.precondition === 'COURT_ORDER' && hasOrderReference)
    ? []
    : ['LEGAL_PROVISION_MISSING']

/**
 * What the basis needs beside itself: a recognised interest the notice that tells people of it, special categories a condition of
 * Article 9, some conditions of Schedule 1 a policy document for this purpose, unless it goes to a competent authority (¶10(2)).
 */
export function conditionFailures(row: MatrixRow, asked: DisclosureAsked, basis: Basis, policy: SharingPolicy): readonly SharingRefusal[] {
  const isNamed = basis.annex1 !== undefined && policy.noticeNamesRecognisedInterests
  const hasDocument = !row.needsPolicyDocument || row.competentAuthority || policy.hasPolicyDocument(asked.purpose, row.sch1 ?? '')
  return [
    ...(basis.art6 === 'ea' && !isNamed ? (['NOTICE_NOT_UPDATED'] as const) : []),
    ...(row.art9 === undefined && asked.categories.some(one => isSpecial(one as Category))
      ? (['ARTICLE9_CONDITION_MISSING'] as const)
      : []),
    ...(hasDocument ? [] : (['APPROPRIATE_POLICY_DOCUMENT_MISSING'] as const)),
  ]
}
