import { Injectable } from '@nestjs/common'
import type { ErrorFacts, MarkRecordedInError } from '#domain/person/details/mark-recorded-in-error'
import { reindexWhatStays } from '#key-keeping/reindex'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { Opening } from '#opening/opening'
import { recordersOf } from '#policy/capabilities'
import type { ErrorBody } from '../bodies/details.js'
import { CommandDesk } from '../command-desk.js'
import { Vault } from '../vault.js'

type ErrorToPrepare = ToPrepare<MarkRecordedInError, ErrorBody>

/** Whose row it is to withdraw a category; and what a person was found by that was withdrawn is taken out of the index. */
@Injectable()
export class FoundNoMore implements Preparation<MarkRecordedInError, ErrorBody, Omit<ErrorFacts, 'now'>> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly vault: Vault,
    private readonly opening: Opening,
  ) {}

  prepare({ request: { actor } }: ErrorToPrepare) {
    return Promise.resolve({ mayRecord: (category: string) => recordersOf(category).some(role => role === actor.role) })
  }

  /** From what is held now: as after a field was erased. */
  async settle({ input: { subjectRef } }: ErrorToPrepare): Promise<void> {
    await reindexWhatStays({ keys: this.vault.keys, folds: this.desk.folds }, subjectRef, this.opening)
  }
}
