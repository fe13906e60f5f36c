import { createHash } from 'node:crypto'
import { isCitation } from '#domain/person/disclosure/events'
import type { SharingFacts } from '#domain/person/disclosure/share-data'
import type { DisclosureAsked, SharingPolicy } from '#domain/person/disclosure/sharing-rules'
import { canonicalJson } from '#event-kit/canonical'
import type { JsonValue } from '#kernel/json'
import type { Personal } from '#kernel/personal'
import type { PolicyFacts } from '#policy/policy'
import { envelopeOf } from '#event-codec/sealed'
import type { NotificationBody } from './bodies/disclosure.js'

export const sharingPolicyOf = (policy: PolicyFacts): SharingPolicy => ({
  matrixVersion: policy.matrixVersion,
  rows: policy.rows,
  purposes: new Set(policy.purposes.keys()),
  assessmentInDate: policy.assessmentInDate,
  policyDocumentInForce: policy.policyDocumentInForce,
})

/** In the clear an exemption and an approver are codes: a citation becomes one, and what is neither counts as not given. */
const asCode = (text: string | undefined) =>
  text !== undefined
  && ((/^[A-Z][A-Z0-9_-]*\d[A-Z0-9_-]*$/.test(text) && !/\d{4}/.test(text)) || /^[A-Z]+(_[A-Z]+)+$/.test(text) || isCitation(text))
    ? text
        .trim()
        .replace(/[^A-Za-z0-9_.]+/g, '-')
        .replace(/-$/, '')
    : undefined
export const notificationOf = (body: NotificationBody | undefined): DisclosureAsked['notification'] =>
  body && { ...body, exemption: asCode(body.exemption), approver: body.approver?.replace(/ /g, '-') }

/** A digest over sealed bytes: never over plaintext. */
const digestOf = (values: readonly Personal<JsonValue>[]) =>
  createHash('sha256')
    .update(canonicalJson(values.map(value => envelopeOf(value))))
    .digest('base64url')
export const sharingFacts = (policy: PolicyFacts): Omit<SharingFacts, 'now'> => ({ policy: sharingPolicyOf(policy), digest: digestOf })
