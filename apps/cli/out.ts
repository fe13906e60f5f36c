import { type Options, Presets, SingleBar } from 'cli-progress'
import { escapedJson, escapedLines } from '#kernel/characters'
import type { JsonObject } from '#kernel/json'

/** How far something long has come. Positions are opaque numbers: on EventStoreDB they are bytes. */
export type HowFar = { readonly what: string; readonly done: bigint; readonly of: bigint }
type Streams = { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean } }

/** Whoever read the answer has read enough, as `head` has: the command ends, and says nothing more. */
export class ReaderGone extends Error {}

/**
 * Where a command says what it found: words for people, or with --json one object a line. Progress and remarks go to stderr, so that
 * stdout is the answer.
 */
export class Out {
  #bar: SingleBar | undefined
  #readerGone = false

  constructor(
    readonly json: boolean,
    private readonly streams: Streams = process,
  ) {
    for (const stream of [streams.stdout, streams.stderr])
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error
        if (stream === streams.stdout) this.#readerGone = true
      })
  }

  /**
   * A part of the answer, in both forms. Neither holds a personal value, except where a command says so. What somebody put in a value to
   * move a cursor or to turn the direction of a line is shown, and does nothing.
   * @throws ReaderGone
   */
  say(record: JsonObject, words: string) {
    if (this.#readerGone) throw new ReaderGone()
    this.#endBar()
    this.streams.stdout.write(`${this.#shown(record, words)}\n`)
  }

  /** A bar on a terminal; a line elsewhere. */
  progress({ what, done, of }: HowFar) {
    const percent = of === 0n ? 100 : Math.min(100, Number((done * 100n) / of))
    if (this.json) this.streams.stderr.write(`${JSON.stringify({ progress: what, done: String(done), of: String(of) })}\n`)
    else if (this.streams.stderr.isTTY) this.#barOf(what).update(percent)
    else this.streams.stderr.write(`${what}: ${percent} %, at ${done} of ${of}\n`)
  }

  /** Why a command ended without doing what it was asked. */
  complain(ending: string, words: string) {
    this.#endBar()
    this.streams.stderr.write(`${this.#shown({ error: ending, message: words }, words)}\n`)
  }

  #shown(record: JsonObject, words: string) {
    return this.json ? escapedJson(JSON.stringify(record)) : escapedLines(words)
  }

  end() {
    this.#endBar()
  }

  #barOf(what: string): SingleBar {
    if (this.#bar) return this.#bar
    const options: Options = {
      format: `${what} {bar} {percentage} %`,
      hideCursor: true,
      clearOnComplete: true,
      stream: this.streams.stderr,
    }
    this.#bar = new SingleBar(options, Presets.shades_classic)
    this.#bar.start(100, 0)
    return this.#bar
  }

  #endBar() {
    this.#bar?.stop()
    this.#bar = undefined
  }
}
