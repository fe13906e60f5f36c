import type { CommandFacts } from '#commands/commands'
import { derivedId } from '#commands/ids'
import { withdrawConsent } from '#domain/person/consent/withdraw-consent'
import { decideErasure } from '#domain/person/erasure/decide-erasure'
import { requestErasure } from '#domain/person/erasure/request-erasure'
import { recordDetails } from '#domain/person/details/record-details'
import { receiveReferral } from '#domain/person/intake/receive-referral'
import { examples } from '#domain/person/examples'
import { type Person, type PersonEvent, person } from '#domain/person/person'
import type { Decision } from '#decider/decider'
import { StoreUnavailable } from '#event-store/event-store'
import { InMemoryEventStore } from '#event-store/memory/memory-event-store'
import type { ErasureId, StaffRef, SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import type { Refusal } from '#kernel/refusals'
import { NotYet } from '#processes/work'
import { sealedValuesIn } from '#event-codec/walk'
import type { Sealed } from '#kernel/personal'
import { declaredPlace } from '#subject-keys/envelope'
import { InMemorySubjectKeys } from '#subject-keys/memory'
import { InMemoryRevocationJournal } from '#subject-keys/memory-revocation-journal'
import { KeyMissing, KeyStoreUnavailable, SubjectErased } from '#subject-keys/subject-keys'
import type { Weather } from './faulty-stores.js'
import { broken } from './invariants.js'
import type { Plant } from './plants.js'
import { CaseTable } from './read-model.js'
import { Random } from '../support/random.js'
import { Crashed, Process, Scheduler } from './scheduler.js'
import { type Durable, Service, TransportDown } from './service.js'
import { consent, share } from './sharing.js'

/** What a run found. `broken` is empty for a good one. */
export type Outcome = {
  readonly seed: number
  readonly steps: number
  readonly crashes: number
  readonly restores: number
  readonly erasures: number
  readonly broken: readonly string[]
}

const people = 3
const mostSteps = 20_000

/**
 * One life of the service: people are referred, recorded and erased, while processes die, answers get lost and the vault comes back from
 * back-ups.
 */
export async function simulate(seed: number, plant?: Plant): Promise<Outcome> {
  return new Simulation(seed, plant).run()
}

class Simulation {
  readonly #random: Random
  readonly #weather: Weather
  readonly #durable: Durable
  readonly #acknowledged = new Map<string, { readonly stream: string; readonly events: number }>()
  readonly #world = new Process()
  #services: Service[] = []
  #worker: Service
  #restores: (() => void)[] = []
  #counts = { crashes: 0, restores: 0 }
  /** What a reader saw that nobody may see. */
  readonly #seen: string[] = []
  #time = Date.parse('2026-11-01T09:00:00.000Z')

  constructor(
    private readonly seed: number,
    plant: Plant | undefined,
  ) {
    this.#random = new Random(seed)
    const clock = { now: () => new Date(this.#time).toISOString() }
    const journal = new InMemoryRevocationJournal()
    this.#durable = {
      log: new InMemoryEventStore(clock),
      vault: new InMemorySubjectKeys(journal),
      journal,
      cases: new CaseTable(),
      erasures: { position: 0n, work: new Map() },
      sending: { work: new Map(), left: new Set() },
      clock,
    }
    this.#weather = {
      random: this.#random,
      scheduler: new Scheduler(this.#random, () => {
        this.#meanwhile()
      }),
      plant,
      calm: false,
    }
    this.#services = [this.#start(), this.#start()]
    this.#worker = this.#start()
  }

  async run(): Promise<Outcome> {
    let trouble: readonly string[]
    try {
      const living = Array.from({ length: people }, (_, n) => this.#live(n))
      let over = false
      const [working, reading] = [this.#work(() => over), this.#read(() => over)]
      await this.#weather.scheduler.run(
        [
          Promise.all(living).finally(() => {
            over = true
            this.#weather.calm = true
          }),
          working,
          reading,
        ],
        mostSteps,
      )
      // Whoever starts next hears what a late restore took away.
      const next = this.#start()
      await this.#weather.scheduler.run([next.keys.open([])], mostSteps)
      trouble = [...this.#seen, ...(await broken(this.#durable, this.#acknowledged))]
    } catch (error) {
      trouble = [error instanceof Error ? `${error.constructor.name}: ${error.message}` : 'it failed']
    }
    let erasures = 0
    for await (const { type } of this.#durable.log.readAll()) if (type === 'ErasureCompleted') erasures++
    return { seed: this.seed, steps: this.#weather.scheduler.steps, ...this.#counts, erasures, broken: [...new Set(trouble)] }
  }

  #start() {
    return new Service(this.#durable, this.#weather)
  }

  /** What the world does between two steps of ours. */
  #meanwhile() {
    this.#time += this.#random.below(2_000)
    if (this.#weather.calm) return
    if (this.#random.chance(0.01)) this.#crash(this.#random.below(3))
    if (this.#random.chance(0.01)) this.#restores.push(this.#durable.vault.backUp())
    if (this.#restores.length > 0 && this.#random.chance(0.004)) {
      this.#counts.restores++
      // A database that is restored has no connections: every process begins anew.
      for (const one of [0, 1, 2]) this.#crash(one)
      this.#random.pick(this.#restores)()
    }
  }

  #crash(which: number) {
    this.#counts.crashes++
    const fresh = this.#start()
    if (which === 2) {
      this.#worker.process.kill()
      this.#worker = fresh
    } else {
      this.#services[which]?.process.kill()
      this.#services[which] = fresh
    }
  }

  /** A person's life, as their key worker, two officers and a careless late writer see it. */
  async #live(n: number): Promise<void> {
    const id = (what: string) => derivedId(`${this.seed}-${n}`, what)
    const subjectRef = id('subject') as SubjectRef
    const [requestId, erasureId] = [id('request') as never, id('erasure') as ErasureId]
    const words = Personal.of('their words')
    const { wish: _, wishClaimed: _1, ...referral } = examples.ReferralReceived.data
    const { due: _2, regime: _3, rule: _4, calendarVersion: _5, ...request } = examples.ErasureRequested.data
    const record = (key: string) =>
      this.#command(
        subjectRef,
        id(key),
        recordDetails.decide(
          { subjectRef, category: 'HLT', provenance: 'PERSON', items: { summary: Personal.of('their health') } },
          { mayRecord: true, unknownFields: 0, nhsNumber: 'NOT_GIVEN' },
        ),
      )
    const approve = (key: string) =>
      this.#command(
        subjectRef,
        id(key),
        decideErasure.decide(
          {
            requestId,
            erasureId: key === 'first' ? erasureId : (id('other erasure') as ErasureId),
            subjectRef,
            decision: 'APPROVED',
            consequenceExplainedAt: '2026-11-01T09:00:00.000Z',
            perScope: [],
          },
          {
            actor: { id: id(key) as StaffRef, role: 'dpo' },
            now: new Date(this.#time).toISOString(),
            calendar: { version: 'SIM', holidays: new Set() },
          },
        ),
      )
    await this.#command(
      subjectRef,
      id('referral'),
      receiveReferral.decide(
        {
          ...referral,
          referralId: id('referral id') as typeof referral.referralId,
          subjectRef,
          serviceWish: 'YES',
          person: { name: words },
          reason: words,
        },
        { now: new Date(this.#time).toISOString(), nhsNumber: 'NOT_GIVEN', alike: [], otherSeen: undefined },
      ),
    )
    await Promise.all([record('health'), record('more health')])
    await this.#share(subjectRef, id)
    if (this.#random.chance(0.2)) return
    await this.#command(
      subjectRef,
      id('ask'),
      requestErasure.decide(
        { ...request, subjectRef, requestId },
        { now: new Date(this.#time).toISOString(), calendar: { version: 'SPEC', holidays: new Set() } },
      ),
    )
    await Promise.all([approve('first'), approve('second'), record('late'), record('later'), this.#withdraw(subjectRef, id)])
  }

  /** They agree to something, and it is put on record to be sent. */
  async #share(subjectRef: SubjectRef, id: (what: string) => string): Promise<void> {
    const now = () => new Date(this.#time).toISOString()
    const work = { subjectRef, category: 'EMP', provenance: 'PERSON', items: { status: Personal.of('their work') } } as const
    const held = { mayRecord: true, unknownFields: 0, nhsNumber: 'NOT_GIVEN' } as const
    await this.#command(subjectRef, id('work'), recordDetails.decide(work, held))
    await this.#command(subjectRef, id('consent'), consent(subjectRef, now()))
    await this.#command(subjectRef, id('share'), share(subjectRef, id('disclosure') as never, now()))
  }

  /** Some take back what they agreed to, at the worst of times. */
  async #withdraw(subjectRef: SubjectRef, id: (what: string) => string): Promise<void> {
    if (this.#random.chance(0.5)) return
    const known = { recipients: new Set(['DWP-JCP']), purposes: new Set(['EMPLOYMENT_SUPPORT']) }
    const facts = { now: new Date(this.#time).toISOString(), ...known }
    await this.#command(subjectRef, id('withdraw'), withdrawConsent.decide({ subjectRef, which: 'ALL', channel: 'PHONE' }, facts))
  }

  /** A client that repeats its command, with the same id, until there is an answer. */
  async #command(subjectRef: SubjectRef, commandId: string, decide: Decision<Person, PersonEvent, Refusal>): Promise<void> {
    const facts: CommandFacts = {
      actor: { id: commandId as StaffRef, role: 'ips-worker' },
      purpose: 'SERVICE_PROVISION',
      lawfulBasis: { art6: 'f' },
      noticeVersion: 'SIM',
      policies: {},
      regime: 'UK-GDPR',
      correlationId: commandId,
      commandId,
      command: 'Simulated',
      occurredAt: '2026-11-01T09:00:00.000Z',
    }
    for (;;) {
      await this.#weather.scheduler.point(this.#world)
      const service = this.#random.pick(this.#services)
      try {
        const outcome = await service.process.call(() => service.commands.execute({ aggregate: person, id: subjectRef, facts, decide }))
        if (outcome.kind === 'accepted')
          this.#acknowledged.set(commandId, { stream: `person-${subjectRef}`, events: outcome.events.length })
        if (outcome.kind !== 'conflict') return
      } catch (error) {
        if (error instanceof SubjectErased || error instanceof KeyMissing) return
        if (!(error instanceof Crashed || error instanceof StoreUnavailable || error instanceof KeyStoreUnavailable)) throw error
      }
    }
  }

  /** Somebody who reads all the while: what is called erased is erased on record. */
  async #read(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await this.#weather.scheduler.point(this.#world)
      const service = this.#random.pick(this.#services)
      const subjectRef = derivedId(`${this.seed}-${this.#random.below(people)}`, 'subject')
      try {
        await service.process.call(() => this.#readOne(service, subjectRef))
      } catch (error) {
        if (!(error instanceof Crashed || error instanceof StoreUnavailable || error instanceof KeyStoreUnavailable)) throw error
      }
    }
  }

  async #readOne(service: Service, subjectRef: string): Promise<void> {
    const values: Sealed[] = []
    for await (const recorded of service.store.readStream(`person-${subjectRef}`))
      values.push(...sealedValuesIn(service.codec.decode(recorded).data))
    for (const sealed of values) {
      const [opened] = await service.keys
        .open([{ subject: subjectRef, sealed, declared: [declaredPlace(sealed.at)] }])
        .catch((error: unknown) => {
          if (error instanceof KeyMissing) return [undefined]
          throw error
        })
      if (opened !== 'erased') continue
      const fenced: string[] = []
      for await (const { type, data } of this.#durable.log.readStream(`person-${subjectRef}`))
        if (type === 'ErasureFenced') fenced.push(...(data['kids'] as string[]))
      if (!fenced.includes(sealed.kid)) this.#seen.push('a value is called erased that no fence names')
    }
  }

  /** The worker: projections and erasures, until everybody is done and there is nothing left. */
  async #work(isOver: () => boolean): Promise<void> {
    const { erasures, sending } = this.#durable
    for (let idle = 0; idle < 3 || !isOver();) {
      await this.#weather.scheduler.point(this.#world)
      const worker = this.#worker
      try {
        const moved = await worker.process.call(async () => [await worker.project(), await worker.react()].some(Boolean))
        const work = [...erasures.work.values(), ...sending.work.values()]
        if (work.length > 0) {
          const one = this.#random.pick(work)
          await worker.process.call(() => (sending.work.has(one.workId) ? worker.send(one) : worker.erase(one)))
        }
        idle = moved || work.length > 0 ? 0 : idle + 1
      } catch (error) {
        idle = 0
        if (!(
          error instanceof Crashed
          || error instanceof NotYet
          || error instanceof TransportDown
          || error instanceof StoreUnavailable
          || error instanceof KeyStoreUnavailable
        ))
          throw error
      }
    }
  }
}
