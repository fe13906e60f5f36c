import { Injectable } from '@nestjs/common'
import { isBornAfter } from '#calendar/plausible-dates'
import { isNhsNumber } from '#domain/person/intake/nhs-number'
import type { Alike, ReceiveReferral, ReferralFacts } from '#domain/person/intake/receive-referral'
import { isErased } from '#domain/person/keys/keys'
import type { SubjectRef } from '#kernel/id'
import { person as personStream } from '#domain/person/person'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { refusedAs } from '#nest/problems'
import { entriesOfBefore, indexEntriesOf } from '#subject-keys/search-values'
import { stillStands } from '#subject-keys/standing-values'
import type { IndexMatch } from '#subject-keys/subject-keys'
import type { ReferralBody } from '../bodies/intake.js'
import { CommandDesk } from '../command-desk.js'
import { Vault } from '../vault.js'
import { TheOtherRecord } from './the-other-record.js'

/** A reservation whose stream never appeared is another referral in flight for this long, and forgotten afterwards. */
const inFlightMs = 60_000
type ReferralToPrepare = ToPrepare<ReceiveReferral, ReferralBody>
type Facts = Omit<ReferralFacts, 'now'>

/** C10: what the personal values say, as codes: whether the number is one, and whose record says the same. */
@Injectable()
export class DuplicateCheck implements Preparation<ReceiveReferral, ReferralBody, Facts> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly vault: Vault,
    private readonly other: TheOtherRecord,
  ) {}

  /** Who was born after the referral came was not referred by it; and a machine compares nobody (C68). */
  // eslint-disable-next-line @typescript-eslint/require-await -- what is wrong is a rejection, as with everybody's check
  async check({ body: { receivedAt, person, samePersonAs }, request: { actor } }: ReferralToPrepare): Promise<void> {
    const { dateOfBirth } = person
    if (dateOfBirth !== undefined && isBornAfter(dateOfBirth, receivedAt))
      throw refusedAs('INVALID_REQUEST', [{ field: 'person.dateOfBirth', rule: 'must not lie after receivedAt' }])
    if (samePersonAs !== undefined && actor.role === 'integration')
      throw refusedAs('INVALID_REQUEST', [{ field: 'samePersonAs', rule: 'must be said by a person who has compared the two records' }])
  }

  async prepare({ input: { subjectRef, samePersonAs }, body: { person }, request }: ReferralToPrepare): Promise<Facts> {
    const { name, dateOfBirth, nhsNumber, phone } = person
    const number = nhsNumber === undefined ? 'NOT_GIVEN' : isNhsNumber(nhsNumber) ? 'VALID' : 'INVALID'
    if (number === 'INVALID' || (await this.desk.wasAccepted(request, personStream, subjectRef)))
      return { nhsNumber: number, alike: [], otherSeen: undefined }
    const otherSeen = samePersonAs && (await this.other.seenBy(request, samePersonAs))
    const entries = indexEntriesOf({ name, dateOfBirth, nhsNumber, phone }, { identity: 'REF', contact: 'REF' })
    const matches = [
      ...(await this.vault.keys.reserve(this.desk.commandId(request), subjectRef, entries)),
      ...(await Promise.all(entriesOfBefore({ name, dateOfBirth }).map(entry => this.vault.keys.find(entry)))).flat(),
    ]
    const alike = await Promise.all(matches.filter(({ field }) => field !== 'phone').map(match => this.#alike(match)))
    return { nhsNumber: number, alike: onceEach(alike.filter(one => one !== undefined)), otherSeen }
  }

  async takeBack({ request }: ReferralToPrepare): Promise<void> {
    await this.vault.keys.release(this.desk.commandId(request))
  }

  async #alike(match: IndexMatch): Promise<Alike | undefined> {
    const { state: found, commands } = await this.desk.folds.load(personStream, match.subject)
    const now = this.desk.clock.now()
    const { referral } = found.intake
    const one = {
      subjectRef: match.subject as SubjectRef,
      likeness: match.field === 'nhsNumber' ? 'NHS_NUMBER' : 'NAME_AND_DATE_OF_BIRTH',
    } as const
    if (!referral) return Date.parse(now) - Date.parse(match.reservedAt) < inFlightMs ? { ...one, state: 'ON_ITS_WAY' } : undefined
    if (!stillStands(match, commands, now) || referral.state === 'DECLINED' || isErased(found.keys)) return undefined
    return { ...one, state: found.episode === undefined || found.episode.state === 'OPEN' ? 'OPEN' : 'OVER' }
  }
}

/** Whoever is found by two values is found by their number. */
const onceEach = (alike: readonly Alike[]) => {
  const byNumberFirst = alike.toSorted((one, other) => Number(other.likeness === 'NHS_NUMBER') - Number(one.likeness === 'NHS_NUMBER'))
  return byNumberFirst.filter((one, n, all) => all.findIndex(({ subjectRef }) => subjectRef === one.subjectRef) === n)
}
