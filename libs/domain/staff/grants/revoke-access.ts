import { type At, command, noCategories } from '#decider/command'
import type { Id, StaffRef } from '#kernel/id'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { type Gives, shuttingOut } from '../in-charge.js'
import { staff } from '../staff.js'
import { AccessRevoked } from './events.js'

export type RevokeAccess = { readonly staffRef: StaffRef; readonly grantId: Id<'GrantId'>; readonly revokedAt?: string | undefined }

/** C37: by whoever could give it, whoever gave it; once. */
export const revokeAccess = command({
  name: 'RevokeAccess',
  clauses: ['C37', 'C38'],
  says: 'End a grant of access before its time',
  aggregate: staff,
  streamId: ({ staffRef }: RevokeAccess) => staffRef,
  capability: 'GRANT_ACCESS',
  purpose: 'LEGAL_OBLIGATION',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: shuttingOut,
  refusals: ['NOT_FOUND', 'ROLE_NOT_TO_GIVE'],
  decide:
    ({ staffRef, grantId, revokedAt }: RevokeAccess, { now, gives }: At & Gives) =>
    ({ grants }) => {
      const grant = grants.get(grantId)
      if (!grant) return refused('NOT_FOUND')
      if (!gives.includes(grant.role)) return refused('ROLE_NOT_TO_GIVE')
      return accept([AccessRevoked.of({ staffRef, grantId, cause: 'REVOKED', revokedAt: earlierOf(revokedAt ?? now, now) })])
    },
})
