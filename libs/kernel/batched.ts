type Waiting<Q, A> = { readonly question: Q; readonly done: (answer: A) => void; readonly failed: (error: unknown) => void }

/** Until all who come in this turn of the event loop have come. */
const thisTurn = () =>
  new Promise<void>(resolve => {
    setImmediate(resolve)
  })

/** Asks one thing at a time for many: whoever comes while a question is on its way goes with the next one. */
export class Batched<Q, A> {
  #waiting: Waiting<Q, A>[] = []
  #asking = false

  /** @param ask answers questions in their order, or fails for all of them. @param most how many go together. */
  constructor(
    private readonly ask: (questions: readonly Q[]) => Promise<readonly A[]>,
    private readonly most = Infinity,
  ) {}

  /** @throws what `ask` throws for the group in which this question went. */
  one(question: Q): Promise<A> {
    return new Promise((done, failed) => {
      this.#waiting.push({ question, done, failed })
      if (!this.#asking) void this.#askAll()
    })
  }

  async #askAll() {
    this.#asking = true
    while (this.#waiting.length > 0) {
      await thisTurn()
      const group = this.#waiting.splice(0, this.most)
      try {
        const answers = await this.ask(group.map(({ question }) => question))
        for (const [n, { done }] of group.entries()) done(answers[n] as A)
      } catch (error) {
        for (const { failed } of group) failed(error)
      }
    }
    this.#asking = false
  }
}
