import { Injectable } from '@nestjs/common'
import { person } from '#domain/person/person'
import type { DecodedEvent, EventCodec } from '#event-codec/codec'
import type { Category } from '#event-kit/scope'
import type { EventStore } from '#event-store/event-store'
import type { JsonValue } from '#kernel/json'
import type { Sealed } from '#kernel/personal'
import { refusedAs } from '#nest/problems'
import type { RequestFacts } from '#nest/request'
import { mayReadFor, maySee } from '#policy/reading'
import type { Case } from '#read-models/case-view/case'
import { CommandDesk } from './command-desk.js'
import { type ErasedValue, type MaskedValue, erased, masked } from './values.js'
import { Vault } from './vault.js'

/** The one way from a sealed case to values: need-to-know, then the record of the access, then the vault. */
@Injectable()
export class CaseOpening {
  constructor(
    private readonly desk: CommandDesk,
    private readonly vault: Vault,
    private readonly store: EventStore,
    private readonly codec: EventCodec,
  ) {}

  /** The categories of a purpose that this reader may read for. @throws Refused PURPOSE_NOT_REGISTERED, NO_NEED_TO_KNOW */
  async purpose({ actor, correlationId }: RequestFacts, purpose: string): Promise<ReadonlySet<Category>> {
    const { purposes } = await this.desk.policies.inForce(this.desk.clock.now())
    const purposeCategories = purposes.get(purpose)
    if (!purposeCategories) throw refusedAs('PURPOSE_NOT_REGISTERED')
    if (!mayReadFor(actor.role, purpose)) {
      this.desk.records.denied(actor, correlationId, 'NO_NEED_TO_KNOW')
      throw refusedAs('NO_NEED_TO_KNOW')
    }
    return purposeCategories
  }

  async fields(
    told: RequestFacts,
    purpose: string,
    purposeCategories: ReadonlySet<Category>,
    subjectRef: string,
    { facts, values }: Case,
    declaredFor: (field: string) => readonly string[],
  ) {
    // The fence in the log decides, not the view and not the vault, which both follow it.
    const {
      state: {
        keys: { closed },
      },
    } = await this.desk.folds.load(person, subjectRef)
    const shown: Record<string, JsonValue | MaskedValue | ErasedValue> = {}
    const toOpen: { readonly field: string; readonly sealed: Sealed }[] = []
    for (const [field, about] of Object.entries(facts.fields)) {
      const sealed = values[field]
      const gone = about.erased || closed.has(about.scope)
      shown[field] = gone ? erased : masked
      if (!gone && sealed && maySee(told.actor.role, about.category, purposeCategories)) toOpen.push({ field, sealed })
    }
    await this.desk.records.access(
      told,
      purpose,
      subjectRef,
      'CASE',
      toOpen.map(({ field }) => field),
    )
    const opened = await this.vault.keys.open(
      toOpen.map(({ field, sealed }) => ({ subject: subjectRef, sealed, declared: declaredFor(field) })),
    )
    for (const [n, { field }] of toOpen.entries()) {
      const value = opened[n]
      shown[field] = value === undefined || value === 'erased' ? erased : value.known
    }
    return shown
  }

  async *historyOf(subjectRef: string): AsyncIterable<DecodedEvent> {
    for await (const recorded of this.store.readStream(`person-${subjectRef}`)) yield this.codec.decode(recorded)
  }
}
