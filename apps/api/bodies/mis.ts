import { type Channel, channels } from '#domain/person/channels'
import { type StorageChoice, storageChoices } from '#domain/person/mis/events'
import { OneOf, PastInstant, Text } from '#nest/fields'

export class ObjectionBody {
  @OneOf(channels) channel!: Channel
  @PastInstant() receivedAt!: string
  @Text(5_000, { optional: true, description: 'What the person said: kept sealed.' }) words?: string
}
export class ExplanationBody {
  @OneOf(channels) channel!: Channel
  @PastInstant() explainedAt!: string
}
export class StorageChoiceBody {
  @OneOf(storageChoices, { description: 'STAYS: they take it back. LEAVES: they hold to it, which is a request for erasure.' })
  choice!: StorageChoice
  @OneOf(channels) channel!: Channel
  @PastInstant() saidAt!: string
  @Text(5_000, { description: 'What the person said. Of whoever leaves it is kept sealed, as evidence.' }) words!: string
}
