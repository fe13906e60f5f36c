import { Injectable } from '@nestjs/common'
import { isBornAfter } from '#calendar/plausible-dates'
import { isNhsNumber } from '#domain/person/intake/nhs-number'
import type { ReceiveReferral, ReferralFacts } from '#domain/person/intake/receive-referral'
import { isErased } from '#domain/person/keys/keys'
import { person as personStream } from '#domain/person/person'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { refusedAs } from '#nest/problems'
import { entriesOfBefore, indexEntriesOf } from '#subject-keys/search-values'
import { stillStands } from '#subject-keys/standing-values'
import type { IndexMatch } from '#subject-keys/subject-keys'
import type { ReferralBody } from '../bodies/intake.js'
import { CommandDesk } from '../command-desk.js'
import { Vault } from '../vault.js'

/** A reservation whose stream never appeared is another referral in flight for this long, and forgotten afterwards. */
const inFlightMs = 60_000
type ReferralToPrepare = ToPrepare<ReceiveReferral, ReferralBody>

/** C10: what the personal values say, as codes: whether the number is one, and whether somebody open has the same. */
@Injectable()
export class DuplicateCheck implements Preparation<ReceiveReferral, ReferralBody, ReferralFacts> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly vault: Vault,
  ) {}

  /** Who was born after the referral came was not referred by it. */
  // eslint-disable-next-line @typescript-eslint/require-await -- what is wrong is a rejection, as with everybody's check
  async check({ body: { receivedAt, person } }: ReferralToPrepare): Promise<void> {
    const { dateOfBirth } = person
    if (dateOfBirth !== undefined && isBornAfter(dateOfBirth, receivedAt))
      throw refusedAs('INVALID_REQUEST', [{ field: 'person.dateOfBirth', rule: 'must not lie after receivedAt' }])
  }

  async prepare({ input: { subjectRef }, body: { person }, request }: ReferralToPrepare): Promise<ReferralFacts> {
    const { name, dateOfBirth, nhsNumber, phone } = person
    const number = nhsNumber === undefined ? 'NOT_GIVEN' : isNhsNumber(nhsNumber) ? 'VALID' : 'INVALID'
    if (number === 'INVALID' || (await this.desk.wasAccepted(request, personStream, subjectRef)))
      return { nhsNumber: number, openDuplicates: 0 }
    const entries = indexEntriesOf({ name, dateOfBirth, nhsNumber, phone }, { identity: 'REF', contact: 'REF' })
    const matches = [
      ...(await this.vault.keys.reserve(this.desk.commandId(request), subjectRef, entries)),
      ...(await Promise.all(entriesOfBefore({ name, dateOfBirth }).map(entry => this.vault.keys.find(entry)))).flat(),
    ]
    const open = await Promise.all(matches.filter(({ field }) => field !== 'phone').map(match => this.#isOpen(match)))
    return { nhsNumber: number, openDuplicates: open.filter(Boolean).length }
  }

  async takeBack({ request }: ReferralToPrepare): Promise<void> {
    await this.vault.keys.release(this.desk.commandId(request))
  }

  async #isOpen(match: IndexMatch): Promise<boolean> {
    const {
      state: { intake, keys },
      commands,
    } = await this.desk.folds.load(personStream, match.subject)
    const now = this.desk.clock.now()
    if (!intake.referral) return Date.parse(now) - Date.parse(match.reservedAt) < inFlightMs
    if (!stillStands(match, commands, now)) return false
    return intake.referral.state !== 'DECLINED' && !isErased(keys)
  }
}
