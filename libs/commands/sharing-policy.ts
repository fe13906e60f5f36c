import type { SharingPolicy } from '#domain/person/disclosure/matrix-row'
import type { PolicyFacts } from '#policy/policy'

/** What the rules of sharing go by, of the policies in force. */
export const sharingPolicyOf = (policy: PolicyFacts): SharingPolicy => ({
  matrixVersion: policy.matrixVersion,
  rows: policy.rows,
  purposes: new Set(policy.purposes.keys()),
  exemptions: { version: policy.exemptions.version, codes: new Set(policy.exemptions.provisions.keys()) },
  isAssessed: policy.isAssessed,
  hasPolicyDocument: policy.hasPolicyDocument,
  noticeNamesRecognisedInterests: policy.noticeNamesRecognisedInterests,
  healthOverseen: policy.healthOverseen,
})
