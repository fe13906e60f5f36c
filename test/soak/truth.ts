/** What was asked and answered, tried and acknowledged, in one order: a number that only grows. */
export type Moment = { readonly asked: number; readonly answered: number }
/** An answer as a client heard it. Status 0: nobody answered. */
export type Heard = { readonly status: number; readonly code?: string | undefined; readonly body: Readonly<Record<string, unknown>> }
/** An answer that is neither the truth nor 503. `about` names references only. */
export type Lie = { readonly kind: string; readonly about: string }

export type Step = 'refer' | 'wish' | 'details' | 'consent' | 'share' | 'send' | 'ask for erasure' | 'approve'
/** Something that a client did about a person: tried, and at some time acknowledged. */
export type Deed = {
  readonly step: Step
  readonly tried: number
  acknowledged: number
  position: bigint | undefined
  eventIds: readonly string[]
  disclosureId?: string
}

/** What the clients did about one person, and what readers have been shown of them since. */
export class Person {
  ref = ''
  readonly deeds: Deed[] = []
  /** When readers were first shown it. What was shown is never taken back. */
  readonly shown = {
    case: Infinity,
    gone: Infinity,
    certificate: Infinity,
    destroyed: new Map<string, number>(),
    disclosures: new Map<string, number>(),
  }
  /** A command about them was never acknowledged: nothing more is known. */
  lost = false

  constructor(
    readonly name: string,
    readonly phone: string,
  ) {}

  get stream(): string {
    return `person-${this.ref}`
  }
  get position(): bigint | undefined {
    return this.deeds.findLast(deed => deed.position !== undefined)?.position
  }

  try(step: Step, now: number): Deed {
    const deed: Deed = { step, tried: now, acknowledged: Infinity, position: undefined, eventIds: [] }
    this.deeds.push(deed)
    return deed
  }

  /** It was acknowledged before this was asked. */
  did(step: Step, { asked }: Moment): boolean {
    return this.deeds.some(deed => deed.step === step && deed.acknowledged < asked)
  }
  /** The answer may know of it. */
  mayHave(step: Step, { answered }: Moment): boolean {
    return this.deeds.some(deed => deed.step === step && deed.tried < answered)
  }
  /** It was acknowledged before this was asked, and an answer that is up to that position has to show it. */
  mustShow(step: Step, { asked }: Moment, after: bigint | undefined): boolean {
    return this.deeds.some(deed => deed.step === step && isShown(deed, asked, after))
  }
  /** The disclosures of which the same holds. */
  mustShowDisclosures({ asked }: Moment, after: bigint | undefined): readonly string[] {
    return this.deeds.flatMap(deed => (deed.disclosureId !== undefined && isShown(deed, asked, after) ? [deed.disclosureId] : []))
  }
}

const isShown = ({ acknowledged, position }: Deed, asked: number, after: bigint | undefined) =>
  acknowledged < asked && position !== undefined && after !== undefined && position <= after

type Logged = { readonly stream: string; readonly acknowledged: number; position: bigint | undefined }

/** Everything that was acknowledged. */
export class Truth {
  readonly people: Person[] = []
  /** Each event that an answer named; its position once a reader was shown it. */
  readonly log = new Map<string, Logged>()
  #now = 0

  now(): number {
    return ++this.#now
  }

  acknowledge(person: Person, deed: Deed, { body }: Heard, now: number) {
    deed.acknowledged = now
    deed.position = BigInt(String(body['position']))
    deed.eventIds = (body['events'] as readonly { readonly id: string }[]).map(({ id }) => id)
    if (typeof body['disclosureId'] === 'string') deed.disclosureId = body['disclosureId']
    for (const id of deed.eventIds) this.log.set(id, { stream: person.stream, acknowledged: now, position: undefined })
  }
}
