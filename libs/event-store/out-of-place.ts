import type { OutOfPlace } from './event-store.js'

const mostNamed = 10

/**
 * Events stand in the store where this service puts none: somebody put them there. Waiting does not mend this.
 */
export class EventsOutOfPlace extends Error {
  constructor(events: readonly Pick<OutOfPlace, 'id' | 'position'>[]) {
    const named = events.slice(0, mostNamed).map(({ id, position }) => `${id} at position ${position}`)
    const more = events.length > mostNamed ? ` and ${events.length - mostNamed} more` : ''
    super(
      `The event store holds events that the service did not put where they are (${named.join(', ')}${more}): `
        + 'some readers see them and others do not, or none can be appended behind them. '
        + 'That is a security incident until it is explained: keep a copy of the database, '
        + 'find out who put them there, and take these rows out of event_store.event. Nothing was changed, and nothing is decided on them.',
    )
  }
}
