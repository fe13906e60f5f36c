import { inventedId } from '#event-kit/examples'
import type { ErasureId, KeyId, StaffRef, SubjectRef } from '#kernel/id'
import type { DataShared } from './disclosure/events.js'
import type { ErasureRequested } from './erasure/events.js'
import type { ReferralReceived } from './intake/events.js'

/** The invented person of the examples, and what several concerns have to call by the same id. */
export const subjectRef: SubjectRef = inventedId(1)
export const erasureId: ErasureId = inventedId(2)
export const kid: KeyId = inventedId(3)
export const referralId: Parameters<typeof ReferralReceived.of>[0]['referralId'] = inventedId(4)
export const disclosureId: Parameters<typeof DataShared.of>[0]['disclosureId'] = inventedId(5)
export const requestId: Parameters<typeof ErasureRequested.of>[0]['requestId'] = inventedId(6)
export const staffConcerned: StaffRef = inventedId(7)
