import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from './durable-file.js'

/** A place that checkpoints are only added to. */
export interface CheckpointSink {
  /** Keeps a checkpoint; the same one again is nothing new. @throws SinkDiffers; what the place throws when it cannot be written to */
  keep(size: number, note: string): void
}
/** Another checkpoint of this size is kept there: the ledger showed two histories, or the sink is another ledger's. */
export class SinkDiffers extends Error {
  constructor(size: number) {
    super(`The sink keeps another checkpoint of ${size} leaves`)
  }
}

/** A directory, which may be one that can be written once: a file for each checkpoint, named by its size. */
export class DirectorySink implements CheckpointSink {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  keep(size: number, note: string): void {
    const name = `${String(size).padStart(16, '0')}.note`
    const path = join(this.folder, name)
    if (!existsSync(path)) writeDurably(this.folder, name, note)
    // Witnesses may have signed since: what the ledger signed is the beginning.
    else if (textOf(readFileSync(path, 'utf8')) !== textOf(note)) throw new SinkDiffers(size)
  }
}
/** The checkpoints that a directory keeps, the smallest first: all, or the newest alone. @throws what the place throws */
export function sinkNotes(folder: string, which: 'all' | 'newest'): readonly string[] {
  const files = readdirSync(folder)
    .filter(file => /^[0-9]{16}\.note$/.test(file))
    .sort()
  return files.slice(which === 'all' ? 0 : -1).map(file => readFileSync(join(folder, file), 'utf8'))
}

const textOf = (note: string) => note.split('\n\n')[0]
