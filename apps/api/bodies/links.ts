import type { SubjectRef } from '#kernel/id'
import { Uuid } from '#nest/fields'

export class LinkBody {
  @Uuid({ description: 'The subjectRef of the other record of this person.' }) samePersonAs!: SubjectRef
}
export class ApartBody {
  @Uuid({ description: 'The subjectRef of the record that is somebody else’s.' }) other!: SubjectRef
}
