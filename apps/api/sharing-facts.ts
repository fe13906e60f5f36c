import { createHash } from 'node:crypto'
import { sharingPolicyOf } from '#commands/sharing-policy'
import type { SharingFacts } from '#domain/person/disclosure/share-data'
import { canonicalJson } from '#event-kit/canonical'
import type { JsonValue } from '#kernel/json'
import type { Personal } from '#kernel/personal'
import type { PolicyFacts } from '#policy/policy'
import { envelopeOf } from '#event-codec/sealed'

/** A digest over sealed bytes: never over plaintext. */
const digestOf = (values: readonly Personal<JsonValue>[]) =>
  createHash('sha256')
    .update(canonicalJson(values.map(value => envelopeOf(value))))
    .digest('base64url')
export const sharingFacts = (policy: PolicyFacts): Omit<SharingFacts, 'now'> => ({ policy: sharingPolicyOf(policy), digest: digestOf })
