import { decisions } from './decisions.js'
import { oneself } from './oneself.js'
import { people } from './people.js'
import type { Work } from './waiting.js'

/** What may wait for somebody, by the word that the answer has for it. */
export const whatWaits = { ...decisions, ...people, ...oneself } as const satisfies Readonly<Record<string, Work>>
