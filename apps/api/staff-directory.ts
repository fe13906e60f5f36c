import type { StreamFolds } from '#commands/folds'
import { type RoleHeld, rolesHeld } from '#commands/roles-held'
import type { StaffIdentities } from '#commands/seen-commands'
import { type Staff, staff } from '#domain/staff/staff'
import type { Clock } from '#kernel/clock'
import type { StaffRef } from '#kernel/id'
import { identityOf } from '#commands/staff-identity'

/** Who the bearers of the issuer's tokens are in the record: a random reference for each, and never a name. */
export class StaffDirectory {
  constructor(
    private readonly identities: StaffIdentities,
    private readonly folds: StreamFolds,
    private readonly serviceKey: string,
    private readonly issuer: string,
    private readonly clock: Clock,
  ) {}

  /** The reference of whom the issuer calls by this subject; made on first use. */
  async refOf(subject: string): Promise<StaffRef> {
    return (await this.identities.register(identityOf(this.serviceKey, this.issuer, subject))) as StaffRef
  }

  /** Of the roles that one person holds, who acts in them now. */
  rolesHeld(): Promise<readonly RoleHeld[]> {
    return rolesHeld(this.folds, this.clock.now())
  }

  async member(staffRef: StaffRef): Promise<Staff> {
    return (await this.folds.load(staff, staffRef)).state
  }
}
