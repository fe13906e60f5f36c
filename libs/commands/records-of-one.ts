import { linkedTo } from '#domain/person/links/links'
import { type Person, person } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'
import type { StreamFolds } from './folds.js'

/** C10: the other records of a person, as they were linked, also by way of each other. */
export async function otherRecordsOf(
  folds: Pick<StreamFolds, 'load'>,
  subjectRef: SubjectRef,
  { links }: Pick<Person, 'links'>,
): Promise<readonly { readonly subjectRef: SubjectRef; readonly state: Person; readonly position: bigint | undefined }[]> {
  const found = []
  const known = new Set([subjectRef])
  const toAsk = [...linkedTo(links)]
  for (let other = toAsk.shift(); other !== undefined; other = toAsk.shift()) {
    if (known.has(other)) continue
    known.add(other)
    const { state, position } = await folds.load(person, other)
    found.push({ subjectRef: other, state, position })
    toAsk.push(...linkedTo(state.links))
  }
  return found
}
