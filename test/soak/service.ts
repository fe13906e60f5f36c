import { resting } from '#event-store/patience'
import { Standalone } from '../support/standalone.js'
import type { Lie } from './truth.js'

const never = new AbortController().signal
/** Longer than everything that a start waits for, and a stall in the middle of it. */
const startsWithin = 240_000
const mostStarts = 6
/** What it said last to people: not the log's lines. */
const lastLines = (said: string) =>
  said
    .trim()
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('{'))
    .slice(-3)
    .join(' | ')
    .slice(-300)
const reason = /could not start:|stopped for good|stopped \d+ times|already running|could not be started again/

type SoakListeners = { readonly lie: (lies: readonly Lie[]) => void; readonly say: (text: string) => void }

/** What `npm start` starts, kept up: whoever takes it down does so here, and an end that nobody asked for is a lie. */
export class Service {
  readonly #refusals = new Map<string, number>()
  #wanted = true
  #ending = false
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(
    readonly s: Standalone,
    private readonly told: SoakListeners,
  ) {}

  static async start(told: SoakListeners): Promise<Service> {
    const service = new Service(await Standalone.start(), told)
    service.#watch()
    return service
  }

  /** How often it did not start, by what it said. Not asserted: a start may be refused for as long as what it needs is away. */
  get refusedStarts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#refusals)
  }

  down(how: 'stop' | 'kill'): Promise<void> {
    this.#wanted = false
    return this.#inTurn(async () => {
      await (how === 'stop' ? this.s.stop() : this.s.kill())
    })
  }

  /** Starts it, more than once where that is needed. @throws Error when it cannot be started. */
  up(): Promise<void> {
    return this.#inTurn(() => this.#start())
  }

  async end() {
    this.#ending = true
    this.#wanted = false
    await this.s.end()
  }

  async #start() {
    for (let tries = 1; !this.#ending; tries++) {
      const refused = await this.#startOnce()
      if (refused === undefined) {
        this.#wanted = true
        this.#watch()
        return
      }
      if (this.#isEnding()) return
      this.#judgeEnd(refused, 'while starting')
      if (tries === mostStarts) throw new Error(`npm start did not start in ${mostStarts} tries: ${lastLines(refused)}`)
      await resting(1_000, never)
    }
  }

  /** What it said, where it ended. */
  async #startOnce(): Promise<string | undefined> {
    const late = setTimeout(() => {
      this.told.lie([{ kind: 'npm start: neither ready nor ended', about: `for ${startsWithin / 1_000} seconds` }])
      void this.s.kill()
    }, startsWithin)
    try {
      await this.s.up()
      return undefined
    } catch {
      return this.s.said
    } finally {
      clearTimeout(late)
    }
  }

  #isEnding(): boolean {
    return this.#ending
  }

  #watch() {
    void this.s.ended().then(() => {
      if (!this.#wanted || this.#ending) return
      this.#wanted = false
      this.told.lie([
        {
          kind: /stopped for good/.test(this.s.said) ? 'npm start: stopped for good' : 'npm start: ended by itself',
          about: lastLines(this.s.said),
        },
      ])
      this.up().catch((error: unknown) => {
        this.told.say(String(error))
      })
    })
  }

  /** A start may be refused with a reason that is true. That a log was rewound is not, and silence is none. */
  #judgeEnd(said: string, when: string) {
    const [why] = reason.exec(said) ?? []
    this.told.say(`npm start ended ${when}: ${lastLines(said)}`)
    if (why === undefined) this.told.lie([{ kind: `npm start: ended ${when} without a reason`, about: lastLines(said) }])
    else if (/EVENT_STORE_REWOUND|stopped for good/.test(said))
      this.told.lie([{ kind: `npm start: stopped for good ${when}`, about: lastLines(said) }])
    else this.#refusals.set(why, (this.#refusals.get(why) ?? 0) + 1)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work, work)
    this.#turn = done.catch(() => undefined)
    return done
  }
}
