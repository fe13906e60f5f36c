import type { Backend } from '#backend/backend'
import { newId } from '#commands/ids'
import { Policies } from '#commands/policies-in-force'
import { londonDate } from '#calendar/statutory-periods'
import { type CommandDefinition, purposeOf } from '#decider/command'
import type { Typed } from '#decider/decider'
import { providePrivacyNotice } from '#domain/person/contact/provide-privacy-notice'
import { recordInboundMessage } from '#domain/person/contact/record-inbound-message'
import { setContactPreferences } from '#domain/person/contact/set-contact-preferences'
import { recordDetails } from '#domain/person/details/record-details'
import { assignWorker } from '#domain/person/episode/assign-worker'
import { endServiceUse } from '#domain/person/episode/end-service-use'
import { startJob } from '#domain/person/episode/start-job'
import { acceptReferral } from '#domain/person/intake/accept-referral'
import { referralSources, serviceAreas } from '#domain/person/intake/events'
import { receiveReferral } from '#domain/person/intake/receive-referral'
import { recordServiceWish } from '#domain/person/intake/record-service-wish'
import { verifyEligibility } from '#domain/person/intake/verify-eligibility'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { daysAfter } from '#kernel/instants'
import { Personal } from '#kernel/personal'
import type { RefusalCode } from '#kernel/refusals'
import type { PolicyFacts } from '#policy/policy'
import { indexEntriesOf } from '#subject-keys/search-values'
import { Random } from '../../test/support/random.js'
import { type InventedPerson, inventedPerson } from './invented-person.js'

/** People at a time: a command waits for the vault and the log most of the time. */
const atOnce = 24
const jobs = ['Packer', 'Night baker', 'Kitchen porter', 'Gardener', 'Care assistant', 'Driver’s mate'] as const
const employers = ['Nettlecombe Bakery', 'Tyne Valley Nurseries', 'Jarrow Packing', 'Quayside Kitchens'] as const

export type Lives = {
  readonly people: number
  readonly seed: number
  /** Who supports them, so many each as they come. */
  readonly workers: readonly StaffRef[]
  readonly supportedByEach: number
  readonly signal?: AbortSignal
  readonly progress?: (done: number) => void
}
/** Whom was referred, in their order. */
type Referred = readonly SubjectRef[]

/**
 * People with lives that might have been, each by the ordinary decisions of the service: the same seed, the same lives. What is decided is
 * what a command over HTTP decides; roles, training and need to know are not asked. @throws Error where a decision is refused
 */
export async function inventLives(
  backend: Backend,
  { people, seed, workers, supportedByEach, signal, progress }: Lives,
): Promise<Referred> {
  const now = backend.clock.now()
  const policy = await new Policies(backend.folds).inForce(now)
  const refs: SubjectRef[] = []
  let [next, done] = [0, 0]
  const oneAfterAnother = async () => {
    for (let n = next++; n < people; n = next++) {
      signal?.throwIfAborted()
      const worker = workers[Math.floor(n / supportedByEach) % workers.length] as StaffRef
      refs[n] = await new Life(backend, policy, now, worker, inventedPerson(seed, n, now), new Random(seed * 999_983 + n)).live()
      progress?.(++done)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, oneAfterAnother))
  return refs
}

class Life {
  readonly #subjectRef: SubjectRef = newId()
  readonly #office = { id: newId<'StaffRef'>(), role: 'back-office' } as const

  constructor(
    private readonly backend: Backend,
    private readonly policy: PolicyFacts,
    private readonly now: string,
    private readonly worker: StaffRef,
    private readonly person: InventedPerson,
    private readonly random: Random,
  ) {}

  async live(): Promise<SubjectRef> {
    const { random, now, policy } = this
    const [subjectRef, at] = [this.#subjectRef, { now }]
    const receivedAt = daysAfter(now, -(1 + random.below(20)))
    const asked = { ...at, actor: this.#office, calendar: policy.calendar }
    await this.#referred(receivedAt)
    await this.#does(
      providePrivacyNotice,
      { subjectRef, noticeVersion: policy.noticeVersion, channel: 'EMAIL', providedAt: now },
      policy,
      0.8,
    )
    if (random.chance(0.1)) return subjectRef
    await this.#does(recordServiceWish, { subjectRef, outcome: 'WANTED', channel: 'PHONE', erasureId: newId<'ErasureId'>() }, asked)
    const evidence = {
      subjectRef,
      evidenceType: 'STARS_LETTER',
      checkedAt: receivedAt,
      outcome: 'CONFIRMED',
      erasureId: newId<'ErasureId'>(),
    } as const
    await this.#does(verifyEligibility, evidence, asked)
    if (random.chance(0.1)) return subjectRef
    await this.#does(acceptReferral, { subjectRef, episodeId: newId<'EpisodeId'>() }, at)
    await this.#does(assignWorker, { subjectRef, workerId: this.worker }, { isIpsWorker: true })
    await this.#supported()
    return subjectRef
  }

  async #referred(receivedAt: string) {
    const { backend, random, now } = this
    const [subjectRef, commandId] = [this.#subjectRef, newId()]
    const { name, dateOfBirth, nhsNumber, phone, email, address } = this.person
    const entries = indexEntriesOf({ name, dateOfBirth, nhsNumber, phone }, { identity: 'REF', contact: 'REF' })
    await backend.keys.reserve(commandId, subjectRef, entries)
    const referral = {
      subjectRef,
      referralId: newId<'ReferralId'>(),
      source: random.pick(referralSources),
      channel: 'EMAIL',
      serviceArea: random.pick(serviceAreas),
      serviceWish: 'YES',
      receivedAt,
      confirmedNotDuplicate: false,
      reason: undefined,
      person: {
        name: Personal.of(name),
        dateOfBirth: Personal.of(dateOfBirth),
        nhsNumber: Personal.given(nhsNumber),
        phone: Personal.of(phone),
        email: Personal.given(email),
        address: Personal.of(address),
      },
    } as const
    const facts = { now, nhsNumber: nhsNumber === undefined ? 'NOT_GIVEN' : 'VALID', alike: [], otherSeen: undefined } as const
    await this.#does(receiveReferral, referral, facts, 1, commandId)
  }

  /** What is recorded of somebody who uses the service. */
  async #supported() {
    const { random, now, policy } = this
    const [subjectRef, at] = [this.#subjectRef, { now }]
    const work = { status: Personal.of(random.pick(['UNEMPLOYED', 'EMPLOYED_PART_TIME'])), skills: Personal.of(random.pick(jobs)) }
    const known = { mayRecord: true, unknownFields: 0, nhsNumber: 'NOT_GIVEN' } as const
    await this.#does(recordDetails, { subjectRef, category: 'EMP', provenance: 'PERSON', items: work }, known)
    const preferences = {
      subjectRef,
      preferred: 'PHONE',
      allowed: ['EMAIL'],
      refused: ['LETTER'],
      neverVoicemail: true,
      discreet: true,
    } as const
    await this.#does(setContactPreferences, { ...preferences, saidAt: now }, at, 0.5)
    const words = Personal.of('Can we meet on Thursday?')
    await this.#does(recordInboundMessage, { messageId: newId<'MessageId'>(), subjectRef, channel: 'SMS', receivedAt: now, words }, at, 0.1)
    const job = { employer: Personal.of(random.pick(employers)), jobTitle: Personal.of(random.pick(jobs)) }
    await this.#does(startJob, { subjectRef, jobId: newId<'JobId'>(), startedOn: londonDate(now), ...job }, at, 0.2)
    const leaving = { subjectRef, endedOn: londonDate(now), reason: 'COMPLETED', narrative: undefined } as const
    await this.#does(endServiceUse, leaving, { ...at, retention: policy.retention }, 0.05)
  }

  /** A decision, and what it leads to on record; or, by chance, none. */
  async #does<I, S, E extends Typed, C extends RefusalCode, F, K extends string>(
    definition: CommandDefinition<I, S, E, C, F, K>,
    input: NoInfer<I>,
    facts: NoInfer<F>,
    chance = 1,
    commandId: string = newId(),
  ): Promise<void> {
    if (!this.random.chance(chance)) return
    const { aggregate, streamId, name, basis, decide } = definition
    const outcome = await this.backend.commands.execute({
      aggregate,
      id: streamId(input),
      facts: {
        actor: this.#office,
        purpose: purposeOf(definition, input),
        lawfulBasis: basis,
        noticeVersion: this.policy.noticeVersion,
        policies: {},
        regime: 'UK-GDPR',
        correlationId: newId(),
        commandId,
        command: name,
      },
      decide: decide(input, facts),
    })
    if (outcome.kind !== 'accepted') throw new Error(`${name} was not accepted of an invented life: ${outcome.kind}`)
  }
}
