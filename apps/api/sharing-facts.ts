import { createHash } from 'node:crypto'
import type { SharingFacts } from '#domain/person/disclosure/share-data'
import type { SharingPolicy } from '#domain/person/disclosure/matrix-row'
import { canonicalJson } from '#event-kit/canonical'
import type { JsonValue } from '#kernel/json'
import type { Personal } from '#kernel/personal'
import type { PolicyFacts } from '#policy/policy'
import { envelopeOf } from '#event-codec/sealed'

export const sharingPolicyOf = (policy: PolicyFacts): SharingPolicy => ({
  matrixVersion: policy.matrixVersion,
  rows: policy.rows,
  purposes: new Set(policy.purposes.keys()),
  assessmentInDate: policy.assessmentInDate,
  policyDocumentInForce: policy.policyDocumentInForce,
})

/** A digest over sealed bytes: never over plaintext. */
const digestOf = (values: readonly Personal<JsonValue>[]) =>
  createHash('sha256')
    .update(canonicalJson(values.map(value => envelopeOf(value))))
    .digest('base64url')
export const sharingFacts = (policy: PolicyFacts): Omit<SharingFacts, 'now'> => ({ policy: sharingPolicyOf(policy), digest: digestOf })
