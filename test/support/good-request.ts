import type { StaffRole } from '#kernel/actor'

/** A request that is accepted. */
export type GoodRequest = { readonly role: StaffRole; readonly url: string; readonly body: object; readonly status: number }
