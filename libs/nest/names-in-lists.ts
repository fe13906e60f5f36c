import type { Table } from '#projections/projection'
import { PolicyCode } from './fields.js'
import type { RequestFacts } from './request.js'

/** Who people are. */
export abstract class Names {
  /**
   * This field of each person’s record, on record as one access for the purpose: opened, masked or erased; left out where there is none.
   * @throws Refused for a reason of `closedNames`
   */
  abstract of(
    reader: RequestFacts,
    purpose: string,
    field: string,
    subjectRefs: readonly string[],
  ): Promise<ReadonlyMap<string, object | string>>
}

/** When an item has a name. */
export const whenNamed = 'Where a purpose was given, and the person’s record has a name.'
/** Why nobody is named to whoever asks. */
export const closedNames = ['PURPOSE_NOT_REGISTERED', 'NO_NEED_TO_KNOW', 'TRAINING_EXPIRED'] as const

/** The parameter of an answer that says who the people are. */
export const NamesFor = PolicyCode({
  optional: true,
  description: 'Say who they are: the purpose for which the reader has to know. That their names were read is on record.',
})
/** The parameter of a list that can say who the people are. */
export const namesAsked = ({ names }: Table) => (names === undefined ? undefined : { purpose: { field: NamesFor } })
