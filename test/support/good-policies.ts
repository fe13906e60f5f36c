import { randomUUID } from 'node:crypto'
import { defaultPack } from '#policy/default-pack'
import type { GoodRequest } from './good-request.js'

const effectiveFrom = '2085-01-01T00:00:00.000Z'
/** A version of its own of what the default pack has, in force when nobody is left who could mind. */
export function versionOf(event: { readonly data: object } | undefined, change: object = {}): object {
  const { demo: _, everything: __, ...data } = event?.data as Readonly<Record<string, unknown>>
  return { ...data, version: `V-${randomUUID()}`, effectiveFrom, ...change }
}

/** For every door that publishes a policy, a request that is accepted whenever it is made. */
export function goodPolicies(): Readonly<Record<string, () => Promise<GoodRequest>>> {
  const { notice, retention, recipients, assessments, purposes, fields, forms, calendar, exemptions, contacts } = defaultPack
  const ofType = (wanted: string) => assessments.find(({ type }) => type === wanted)
  const good = (list: string, body: object, role: GoodRequest['role'] = 'accountable-executive') =>
    [`/v1/policies/${list}`, () => Promise.resolve({ role, url: `policies/${list}`, body, status: 201 })] as const
  return Object.fromEntries([
    good('notices', versionOf(notice[0])),
    good('retention', versionOf(retention[0])),
    good('recipients', versionOf(recipients[0], { rows: [(recipients[0]?.data as { readonly rows: readonly object[] }).rows[0]] })),
    good('assessments', versionOf(ofType('LegitimateInterestAssessmentApproved')), 'dpo'),
    good('policy-documents', versionOf(ofType('AppropriatePolicyDocumentApproved'))),
    good('purposes', versionOf(purposes[0])),
    good('fields', versionOf(fields[0], { fields: [(fields[0]?.data as { readonly fields: readonly object[] }).fields[0]] })),
    good('consent-forms', versionOf(forms[0])),
    good('holidays', versionOf(calendar[0], { holidays: ['2085-12-25', '2085-12-26'] })),
    good('exemptions', versionOf(exemptions[0])),
    good('contacts', versionOf(contacts[0])),
    good('staff-policies', { policy: 'ACCESS', title: 'Who may see what', graceDays: 14, version: `V-${randomUUID()}`, effectiveFrom }),
    good('oversight', { gapDays: 28, reviewEveryDays: 90, version: `V-${randomUUID()}`, effectiveFrom }),
  ])
}
