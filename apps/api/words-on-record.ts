import { Injectable } from '@nestjs/common'
import type { JsonValue } from '#kernel/json'
import type { Opening, Words } from '#opening/opening'
import type { OpeningAsked } from '#opening/recorded-vault'
import { wordsIn } from '#opening/words-of-events'
import type { RequestFacts } from '#nest/request'
import type { Capability } from '#policy/capabilities'
import { Refused } from '#nest/problems'
import type { History } from './history.js'
import { type ErasedValue, type MaskedValue, answersOf } from './values.js'

/** Why a person's record does not open to somebody whose role reads it. */
export const closedRecord = ['NO_NEED_TO_KNOW', 'CONFLICT_OF_INTEREST', 'TRAINING_EXPIRED'] as const

/** Which field of a person's events names what the words are about, and the id in it. */
type About = {
  readonly subjectRef: string
  readonly field: 'disclosureId' | 'requestId' | 'messageId' | 'grantId' | 'factId'
  readonly id: string
}
type Answered = Readonly<Record<string, JsonValue | MaskedValue | ErasedValue>>

/** What was written about something that somebody decides on, opened for whoever the capability lets read it. */
@Injectable()
export class WordsOnRecord {
  constructor(
    private readonly history: Pick<History, 'ofPerson'>,
    private readonly opening: Pick<Opening, 'words' | 'wayTo'>,
  ) {}

  /**
   * By the names of their fields, from the log itself: no view has to have followed it. The reading is on record first. Words whose key was
   * destroyed are answered as erased. @throws Refused where the record is closed to them; KeyStoreUnavailable, KeyMissing, SealBroken:
   * those are not gone, and are no answer
   */
  async of(
    told: RequestFacts,
    capability: Capability,
    { subjectRef, field, id }: About,
    asked: Pick<OpeningAsked, 'purpose' | 'what'>,
  ): Promise<Answered> {
    const way = await this.opening.wayTo(told, capability, subjectRef)
    if (!way.ok) throw new Refused(way.refusal)
    const said: Record<string, Words> = {}
    for await (const event of this.history.ofPerson(subjectRef))
      if ((event.data as Readonly<Record<string, unknown>>)[field] === id) Object.assign(said, wordsIn(event))
    const shown = await this.opening.words(
      told,
      capability,
      { ...asked, subject: { kind: 'person', id: subjectRef }, way: way.value, about: id },
      Object.values(said),
    )
    return answersOf(Object.fromEntries(Object.keys(said).map((name, n) => [name, shown[n] ?? 'masked'])))
  }
}
