import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { main } from '#verifier/main'

/** What a verifier answered: its exit code, its verdict, and which checks had which findings. The words may differ. */
export type Answer = {
  readonly code: number
  readonly verdict: string | undefined
  readonly reasons: readonly string[]
  readonly said: string
}

/** Both verifiers in two processes that go on living: this one, and Python's. */
export class BothVerifiers {
  readonly #python: ChildProcessWithoutNullStreams
  readonly #lines: Interface
  readonly #answers: AsyncIterator<string>

  constructor() {
    this.#python = spawn('python3', ['test/fuzz/verifiers/verify-driver.py', 'tools/verify.py'])
    this.#lines = createInterface(this.#python.stdout)
    this.#answers = this.#lines[Symbol.asyncIterator]()
  }

  async answers(words: readonly string[]): Promise<{ readonly first: Answer; readonly second: Answer }> {
    this.#python.stdin.write(`${JSON.stringify(words)}\n`)
    const [first, second] = await Promise.all([this.#first(words), this.#second()])
    return { first, second }
  }

  async #first(words: readonly string[]): Promise<Answer> {
    const streams = [process.stdout, process.stderr] as const
    const writes = streams.map(stream => stream.write)
    const said = ['', ''] as [string, string]
    streams.forEach((stream, n) => {
      stream.write = (text: string) => {
        said[n === 0 ? 0 : 1] += text
        return true
      }
    })
    try {
      return answerOf(await main(words), said[0], said[1])
    } finally {
      streams.forEach((stream, n) => {
        stream.write = writes[n] as typeof stream.write
      })
    }
  }

  async #second(): Promise<Answer> {
    const { value, done } = (await this.#answers.next()) as IteratorResult<string, undefined>
    if (done === true) throw new Error(`the second verifier ended: ${String(this.#python.stderr.read() ?? '')}`)
    const { code, out, err } = JSON.parse(value) as { readonly code: number; readonly out: string; readonly err: string }
    return answerOf(code, out, err)
  }

  async end() {
    this.#lines.close()
    this.#python.stdin.end()
    if (this.#python.exitCode === null) await once(this.#python, 'exit')
  }
}

function answerOf(code: number, out: string, err: string): Answer {
  const said = out === '' ? err : out
  if (!out.startsWith('{')) return { code, verdict: undefined, reasons: [], said }
  const { verdict, findings = [] } = JSON.parse(out) as {
    readonly verdict: string
    readonly findings?: readonly { readonly check: string; readonly result: string }[]
  }
  return { code, verdict, reasons: [...new Set(findings.map(({ check, result }) => `${check} ${result}`))].sort(), said }
}
export const areSame = (a: Answer, b: Answer) => a.code === b.code && a.verdict === b.verdict && a.reasons.join() === b.reasons.join()
