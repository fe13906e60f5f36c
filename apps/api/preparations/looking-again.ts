import { Injectable } from '@nestjs/common'
import { derivedId } from '#commands/ids'
import { systemFacts } from '#commands/machine-facts'
import { sharingPolicyOf } from '#commands/sharing-policy'
import { cancelPending } from '#domain/person/disclosure/dispatch-disclosure'
import type { RecordSending, RecordSendingFacts } from '#domain/person/disclosure/record-sending'
import { person } from '#domain/person/person'
import { isEarlier } from '#kernel/instants'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { refusedAs } from '#nest/problems'
import type { SendingBody } from '../bodies/disclosure.js'
import { CommandDesk } from '../command-desk.js'

type SendingToPrepare = ToPrepare<RecordSending, SendingBody>
type Prepared = Omit<RecordSendingFacts, 'now'>

/** What was in force when it was sent; and once it is refused because its ground is gone, it waits no longer: it is cancelled. */
@Injectable()
export class LookingAgain implements Preparation<RecordSending, SendingBody, Prepared> {
  constructor(private readonly desk: CommandDesk) {}

  /** What goes at once may be written down afterwards; anything else was authorised before it went. */
  async check({ input: { subjectRef, disclosureId, sentAt } }: SendingToPrepare): Promise<void> {
    if (sentAt === undefined) return
    if (isEarlier(this.desk.clock.now(), sentAt)) throw refusedAs('INVALID_REQUEST', [{ field: 'sentAt', rule: 'must not lie after now' }])
    const { ground, authorisedAt } = (await this.desk.folds.load(person, subjectRef)).state.disclosures.get(disclosureId) ?? {}
    // Whoever writes down the second means the whole of it.
    if (ground?.urgency !== 'IMMEDIATE' && authorisedAt !== undefined && isEarlier(sentAt, `${authorisedAt.slice(0, 19)}Z`))
      throw refusedAs('INVALID_REQUEST', [{ field: 'sentAt', rule: 'must not lie before it was authorised' }])
  }

  async prepare({ input: { sentAt } }: SendingToPrepare): Promise<Prepared> {
    const now = this.desk.clock.now()
    return { policy: await this.#policyAt(now), policyThen: await this.#policyAt(sentAt ?? now) }
  }

  async takeBack({ input: { subjectRef, disclosureId, sentAt }, request }: SendingToPrepare): Promise<void> {
    if (sentAt !== undefined) return
    const now = this.desk.clock.now()
    const facts = { policy: await this.#policyAt(now), now }
    const commandId = derivedId(this.desk.commandId(request), 'cancelled')
    const own = { purpose: 'SERVICE_PROVISION', correlationId: request.correlationId, commandId, command: 'RecordSending.cancelled' }
    await this.desk.commands.execute({
      aggregate: person,
      id: subjectRef,
      facts: systemFacts(own),
      decide: cancelPending({ disclosureId, subjectRef }, facts),
    })
  }

  async #policyAt(instant: string) {
    return sharingPolicyOf(await this.desk.policies.inForce(instant))
  }
}
