import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { Scope } from '#event-kit/scope'
import type { ErasureId } from '#kernel/id'
import type { ErasureCompleted, ErasureEvent, ErasureRequested, ReferralErased } from './events.js'

export const erasureRequestStates = ['RECEIVED', 'APPROVED', 'PARTLY', 'REFUSED', 'COMPLETED', 'CLOSED'] as const
export type ErasureRequestState = (typeof erasureRequestStates)[number]
export type ErasureRequest = {
  readonly state: ErasureRequestState
  /** What was asked, and when: one request on several records of a person has the same. */
  readonly asked: Pick<DataOfEvent<typeof ErasureRequested>, 'channel' | 'receivedAt' | 'grounds'>
  readonly due: string
  readonly concernsStaff: DataOfEvent<typeof ErasureRequested>['concernsStaff']
  readonly erasureId?: string
  readonly extent?: 'ALL' | 'SCOPES'
  readonly scopes?: readonly Scope[]
}
export type Certificate =
  | { readonly of: 'REQUEST'; readonly issued: DataOfEvent<typeof ErasureCompleted> }
  | { readonly of: 'REFERRAL'; readonly issued: DataOfEvent<typeof ReferralErased> }
export type Erasures = {
  readonly requests: ReadonlyMap<string, ErasureRequest>
  readonly purged: ReadonlyMap<string, { readonly projections: readonly string[]; readonly position: string }>
  readonly certificates: readonly Certificate[]
}

export const noErasures: Erasures = { requests: new Map(), purged: new Map(), certificates: [] }

/** The request that this erasure carries out; undefined for one that no request began. */
export const requestOf = ({ requests }: Erasures, erasureId: ErasureId) => [...requests].find(([, one]) => one.erasureId === erasureId)
/** C17: from the approval of a full erasure on nothing more is recorded or shared: it is carried out by itself. */
export const isToBeErased = ({ requests }: Erasures) => [...requests.values()].some(({ state }) => state === 'APPROVED')

function update(erasures: Erasures, requestId: string, change: Partial<ErasureRequest>): Erasures {
  const request = erasures.requests.get(requestId)
  return request ? { ...erasures, requests: new Map(erasures.requests).set(requestId, { ...request, ...change }) } : erasures
}

export const evolveErasures: Evolve<Erasures, ErasureEvent> = {
  ErasureRequested: (erasures, { requestId, channel, receivedAt, grounds, due, concernsStaff }) => ({
    ...erasures,
    requests: new Map(erasures.requests).set(requestId, { state: 'RECEIVED', asked: { channel, receivedAt, grounds }, due, concernsStaff }),
  }),
  ErasureApproved: (erasures, { requestId, erasureId, extent, scopes }) =>
    update(erasures, requestId, { state: extent === 'ALL' ? 'APPROVED' : 'PARTLY', erasureId, extent, scopes }),
  ErasureRefused: (erasures, { requestId }) => update(erasures, requestId, { state: 'REFUSED' }),
  ErasureRequestClosed: (erasures, { requestId }) => update(erasures, requestId, { state: 'CLOSED' }),
  ProjectionPurgeConfirmed: (erasures, { erasureId, projections, position }) => ({
    ...erasures,
    purged: new Map(erasures.purged).set(erasureId, { projections, position }),
  }),
  ErasureCompleted: (erasures, issued) => ({
    ...update(erasures, issued.requestId, { state: 'COMPLETED' }),
    certificates: [...erasures.certificates, { of: 'REQUEST', issued }],
  }),
  ReferralErased: (erasures, issued) => ({ ...erasures, certificates: [...erasures.certificates, { of: 'REFERRAL', issued }] }),
}
