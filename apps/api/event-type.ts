import { catalogue } from '#event-codec/catalogue'
import { Checked, type Options } from '#nest/fields'

/** The name of an event that is stored here: what was asked for is on record in the clear, so it is never a word of anybody’s own. */
export const EventType = (options: Options) =>
  Checked(
    'type',
    'must be the name of an event type',
    value => typeof value === 'string' && catalogue.has(value),
    { type: 'string', example: 'DataShared' },
    options,
  )
