import { Writable } from 'node:stream'
import { type Level, type Logger, pino } from 'pino'

export type Line = Readonly<Record<string, unknown>> & { readonly level: number; readonly msg: string }
/** A log that a test hears: whatever is said from a level on, line by line. */
export function heardLog(level: Level): { readonly log: Logger; readonly lines: Line[] } {
  const lines: Line[] = []
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(JSON.parse(chunk.toString()) as Line)
      done()
    },
  })
  return { log: pino({ level }, stream), lines }
}
