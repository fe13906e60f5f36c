import { Injectable } from '@nestjs/common'
import type { AtSafeTime } from '#domain/person/contact/contact-rules'
import { isIn } from '#domain/person/contact/safe-times'
import { person } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { Opening } from '#opening/opening'
import { CommandDesk } from '../command-desk.js'

type OfContact =
  { readonly subjectRef: SubjectRef; readonly plannedFor: string } | { readonly subjectRef: SubjectRef; readonly contactedAt: string }
const field = 'CON.safeTimes'

/** Whether the moment of a contact is a safe one: the times are sealed, and opened on record; nobody is shown them here. */
@Injectable()
export class SafeTimes implements Preparation<OfContact, object, AtSafeTime> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly opening: Opening,
  ) {}

  async prepare({ input, request }: ToPrepare<OfContact, object>): Promise<AtSafeTime> {
    const { subjectRef } = input
    const held = (await this.desk.folds.load(person, subjectRef)).state.held.get(field)
    if (!held) return { atSafeTime: true }
    const asked = { subjectRef, fields: [[field, held]], purpose: 'SERVICE_PROVISION', what: 'CASE' } as const
    const times = (await this.opening.held(request, asked)).get(field) as readonly string[] | undefined
    return { atSafeTime: !times || isIn(times, 'plannedFor' in input ? input.plannedFor : input.contactedAt) }
  }
}
