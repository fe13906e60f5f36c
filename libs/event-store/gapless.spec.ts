import { type RecordedEvent, StreamDamaged } from './event-store.js'
import { gapless } from './gapless.js'

const event = (revision: bigint, position: bigint): RecordedEvent => ({
  id: `00000000-0000-4000-8000-${String(revision).padStart(12, '0')}`,
  type: 'Tried',
  data: {},
  metadata: {},
  stream: 'tried-1',
  revision,
  position,
  recordedAt: '2026-11-01T09:00:00.000Z',
})
/** `3@7`: revision 3 at position 7. */
const readAs = (places: string, from: bigint, behind: bigint | undefined) => {
  const events = places
    .split(' ')
    .filter(Boolean)
    .map(place => {
      const [revision = '', position = ''] = place.split('@')
      return event(BigInt(revision), BigInt(position))
    })
  try {
    return gapless('tried-1', from, events, behind).length
  } catch (error) {
    return error instanceof StreamDamaged ? error.how : error
  }
}

test.each([
  ['dense revisions, positions that ascend', '0@7 1@9', 0n, undefined, 2],
  ['the same from a revision on, behind what was read before', '3@7 4@9', 3n, 6n, 2],
  ['nothing', '', 0n, undefined, 0],
  ['one is missing', '0@7 2@9', 0n, undefined, 'incomplete'],
  ['the first is missing', '1@7', 0n, undefined, 'incomplete'],
  ['one at position 0', '0@7 1@0', 0n, undefined, 'out of place'],
  ['the first at position 0', '0@0 1@7', 0n, undefined, 'out of place'],
  ['one before position 0', '0@-7', 0n, undefined, 'out of place'],
  ['one behind, at a place before', '0@7 1@9 2@8', 0n, undefined, 'out of place'],
  ['two at one place', '0@7 1@7', 0n, undefined, 'out of place'],
  ['a page that does not go on from the one before', '3@7', 3n, 7n, 'out of place'],
])('%s', (_, places, from, behind, as) => expect(readAs(places, from, behind)).toBe(as))
