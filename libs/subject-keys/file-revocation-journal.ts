import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { scopes } from '#event-kit/scope'
import { causeOfErasure, fenceCauses } from './subject-keys.js'
import type { Journalled, Revocation, RevocationJournal } from './revocation-journal.js'

/**
 * The first records gave no cause: one that closed no scope was that of a key whose scope went on. Until scopes went on after an erasure
 * of a part, that one gave the cause of an erasure in full.
 */
const line = z.object({
  v: z.literal(1),
  subject: z.uuid(),
  scopes: z.array(z.enum(scopes)),
  kids: z.array(z.uuid()),
  fence: z.uuid(),
  cause: z.enum(fenceCauses).optional(),
  at: z.iso.datetime(),
})

/** A record in the journal that is neither whole nor the torn end of a crash. Nothing is opened until somebody has looked. */
export class JournalDamaged extends Error {
  constructor(offset: number) {
    super(
      `The revocation journal cannot be read at byte ${offset}. Restore it from its back-up: without it nobody can tell what was erased.`,
    )
  }
}

/** A file of JSON lines, mode 0600, beside the keys. */
export class FileRevocationJournal implements RevocationJournal {
  constructor(
    private readonly path: string,
    private readonly now: () => string,
  ) {}

  async append({ subject, scopes: closed, kids, fenceEventId, cause }: Revocation) {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 })
    const record = JSON.stringify({ v: 1, subject, scopes: closed, kids, fence: fenceEventId, cause, at: this.now() })
    const file = await open(this.path, 'a', 0o600)
    try {
      // The line break before it closes what a crash may have left half-written.
      await file.appendFile(`\n${record}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
  }

  async since(offset: number): Promise<readonly Journalled[]> {
    const bytes = await readFile(this.path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
      throw error
    })
    const found: Journalled[] = []
    for (let start = offset > bytes.length ? 0 : offset; start < bytes.length;) {
      const end = bytes.indexOf(0x0a, start)
      if (end === -1) break
      if (end > start) {
        const revocation = revocationIn(bytes.subarray(start, end).toString('utf8'))
        // A torn record is followed by the line break that the next record begins with; its destruction was never committed.
        if (revocation) found.push({ revocation, end: end + 1 })
        else if (!isTorn(bytes, end)) throw new JournalDamaged(start)
      }
      start = end + 1
    }
    return found
  }
}

function revocationIn(text: string): Revocation | undefined {
  try {
    const { subject, scopes: of, kids, fence, cause = of.length > 0 ? 'ERASURE' : 'FIELD_ERASED' } = line.parse(JSON.parse(text))
    return { subject, scopes: of, kids, fenceEventId: fence, cause: cause === 'ERASURE' ? causeOfErasure(of) : cause }
  } catch {
    return undefined
  }
}

const isTorn = (bytes: Buffer, lineBreak: number) => bytes[lineBreak - 1] !== 0x7d && bytes[lineBreak + 1] === 0x7b
