import { createRequire } from 'node:module'
import type { ExamplesByDoor } from '#nest/document'

/**
 * What each door was asked, and answered, when somebody tried it: `npm run examples` asks every door and writes the file; a test asks them
 * again and compares.
 */
export const examples = createRequire(import.meta.url)('./examples.json') as ExamplesByDoor
