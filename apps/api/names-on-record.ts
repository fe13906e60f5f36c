import type { SubjectRef } from '#kernel/id'
import { Names } from '#nest/names-in-lists'
import { Refused } from '#nest/problems'
import type { Opening } from '#opening/opening'
import { caseView } from '#read-models/case-view/projection'
import { fieldOfEach } from '#read-models/case-view/queries'
import type { Reading } from './reading.js'
import { answersOf } from './values.js'

/** From the case view, which may be a moment behind the list: somebody who is not in it yet has no name yet. */
export class NamesOnRecord extends Names {
  constructor(
    private readonly reading: Pick<Reading, 'shown' | 'sql'>,
    private readonly opening: Pick<Opening, 'ofEach'>,
  ) {
    super()
  }

  async of(...[reader, purpose, field, subjectRefs]: Parameters<Names['of']>): ReturnType<Names['of']> {
    const refs = subjectRefs as readonly SubjectRef[]
    const held = await this.reading.shown(caseView.name, () => fieldOfEach(this.reading.sql, field, refs))
    const names = await this.opening.ofEach(reader, purpose, field, held)
    if (!names.ok) throw new Refused(names.refusal)
    return new Map(Object.entries(answersOf(Object.fromEntries(names.value)))) as ReadonlyMap<string, object | string>
  }
}
