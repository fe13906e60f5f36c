import { Injectable } from '@nestjs/common'
import type { RequestWishCheck, WishCheckFacts } from '#domain/person/intake/request-wish-check'
import { isActiveAs } from '#domain/staff/staff'
import type { StaffRole } from '#kernel/actor'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { rolesThatMay } from '#policy/capabilities'
import type { WishCheckBody } from '../bodies/intake.js'
import { StaffDirectory } from '../staff-directory.js'

/** A machine passes on what it was told, and asks nobody. */
const askers: readonly StaffRole[] = rolesThatMay('RECORD_SERVICE_WISH', 'COMMAND').filter(role => role !== 'integration')

/** Whether whoever is to ask a person works here as somebody who could. */
@Injectable()
export class TheOwner implements Preparation<RequestWishCheck, WishCheckBody, Omit<WishCheckFacts, 'now' | 'actor'>> {
  constructor(private readonly directory: StaffDirectory) {}

  async prepare({ input: { owner }, request: { actor } }: ToPrepare<RequestWishCheck, WishCheckBody>) {
    if (owner === undefined) return { ownerTakesReferrals: askers.includes(actor.role) }
    const member = await this.directory.member(owner)
    return { ownerTakesReferrals: askers.some(role => isActiveAs(role, member)) }
  }
}
