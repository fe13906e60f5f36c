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
const readAs = (places: readonly (readonly [revision: bigint, position: bigint])[], from = 0n, behind?: bigint) => {
  try {
    return gapless(
      'tried-1',
      from,
      places.map(([revision, position]) => event(revision, position)),
      behind,
    ).length
  } catch (error) {
    return error instanceof StreamDamaged ? error.how : error
  }
}

test.each([
  [
    'dense revisions, positions that ascend',
    [
      [0n, 7n],
      [1n, 9n],
    ] as const,
    0n,
    undefined,
    2,
  ],
  [
    'the same from a revision on, behind what was read before',
    [
      [3n, 7n],
      [4n, 9n],
    ] as const,
    3n,
    6n,
    2,
  ],
  ['nothing', [] as const, 0n, undefined, 0],
  [
    'one is missing',
    [
      [0n, 7n],
      [2n, 9n],
    ] as const,
    0n,
    undefined,
    'incomplete',
  ],
  ['the first is missing', [[1n, 7n]] as const, 0n, undefined, 'incomplete'],
  [
    'one at position 0',
    [
      [0n, 7n],
      [1n, 0n],
    ] as const,
    0n,
    undefined,
    'out of place',
  ],
  [
    'the first at position 0',
    [
      [0n, 0n],
      [1n, 7n],
    ] as const,
    0n,
    undefined,
    'out of place',
  ],
  ['one before position 0', [[0n, -7n]] as const, 0n, undefined, 'out of place'],
  [
    'one behind, at a place before',
    [
      [0n, 7n],
      [1n, 9n],
      [2n, 8n],
    ] as const,
    0n,
    undefined,
    'out of place',
  ],
  [
    'two at one place',
    [
      [0n, 7n],
      [1n, 7n],
    ] as const,
    0n,
    undefined,
    'out of place',
  ],
  ['a page that does not go on from the one before', [[3n, 7n]] as const, 3n, 7n, 'out of place'],
])('%s', (_, places, from, behind, as) => expect(readAs(places, from, behind)).toBe(as))
