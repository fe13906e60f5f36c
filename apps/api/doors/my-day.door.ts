import { Controller, Query as QueryParams } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { daysUntil, londonDate } from '#calendar/statutory-periods'
import { Reads } from '#nest/door'
import { Lists, OpenRecords } from '#nest/list-of'
import { Names, NamesFor, closedNames, whenNamed } from '#nest/names-in-lists'
import { type RequestFacts, TheRequest } from '#nest/request'
import { rolesThatMay } from '#policy/capabilities'
import { caseloadTable } from '#read-models/caseload/table'
import { CommandDesk } from '../command-desk.js'
import type { Opened, Waits } from '../day/waiting.js'
import { whatWaits } from '../day/what-waits.js'
import { WordsShown } from '../values.js'

/** More of one kind than these is a list of its own. */
const ofEachKind = 25
type Kind = keyof typeof whatWaits
const kinds = Object.keys(whatWaits) as readonly Kind[]

class DayQuery {
  @NamesFor purpose?: string
}
class DayItem {
  @ApiProperty({ enum: kinds }) kind!: Kind
  @ApiProperty({ format: 'uuid', required: false }) subjectRef?: string
  @WordsShown({ required: false, description: whenNamed }) name?: string | object
  @ApiProperty({ format: 'uuid', required: false, description: 'What it is found by: the id of the message, request, disclosure …' })
  id?: string
  @ApiProperty({ required: false, description: 'Since when it waits: a day, or an instant.' }) since?: string
  @ApiProperty({ required: false, description: 'By when it has to be done: a day in Europe/London, or an instant.' }) due?: string
  @ApiProperty({ required: false, description: 'Whole days until then, in Europe/London: 0 today, less where it is over.' })
  daysLeft?: number
}
export class MyDayAnswer {
  @ApiProperty({ type: () => [DayItem], description: 'What is due first, then what has waited longest.' }) items!: readonly DayItem[]
  @ApiProperty({ enum: kinds, isArray: true, description: `Kinds of which more waits than the ${ofEachKind} that are shown.` })
  more!: readonly Kind[]
}

export class GetMyDay extends Query<MyDayAnswer> {
  constructor(
    readonly told: RequestFacts,
    readonly purpose: string | undefined,
  ) {
    super()
  }
}

@QueryHandler(GetMyDay)
export class GetMyDayHandler implements IQueryHandler<GetMyDay> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly lists: Lists,
    private readonly records: OpenRecords,
    private readonly names: Names,
  ) {}

  async execute({ told, purpose }: GetMyDay): Promise<MyDayAnswer> {
    const morning = { told, now: this.desk.clock.now(), policy: await this.lists.policiesInForce() }
    const mine = kinds.filter(kind => whatWaits[kind].isOf(told.actor.role))
    const opened = onceEach(capability => this.records.openTo(told, capability, undefined))
    const found = await this.lists.together(await Promise.all(mine.map(kind => whatWaits[kind].asks(morning, opened, ofEachKind + 1))))
    const today = londonDate(morning.now)
    const items = mine.flatMap((kind, n) =>
      whatWaits[kind].found((found[n] ?? []).slice(0, ofEachKind), morning).map(one => itemOf(kind, one, today)),
    )
    const named = purpose === undefined ? items : await this.#named(told, purpose, items)
    return { items: named.sort(inOrder), more: mine.filter((_, n) => (found[n] ?? []).length > ofEachKind) }
  }

  async #named(told: RequestFacts, purpose: string, items: readonly DayItem[]): Promise<DayItem[]> {
    const people = new Set(items.flatMap(({ subjectRef }) => subjectRef ?? []))
    const names = await this.names.of(told, purpose, caseloadTable.names, [...people])
    return items.map(item => {
      const name = names.get(item.subjectRef ?? '')
      return name === undefined ? item : { ...item, name }
    })
  }
}

/** The same question is put once. */
function onceEach(open: Opened): Opened {
  const known = new Map<string, ReturnType<Opened>>()
  return capability => {
    const key = String(capability)
    const rows = known.get(key) ?? open(capability)
    known.set(key, rows)
    return rows
  }
}

const dayOf = (due: string) => (due.length > 'YYYY-MM-DD'.length ? londonDate(due) : due)
const itemOf = (kind: Kind, { subjectRef, id, since, due }: Waits, today: string): DayItem => ({
  kind,
  ...(subjectRef === undefined ? {} : { subjectRef }),
  ...(id === undefined ? {} : { id }),
  ...(since ? { since } : {}),
  ...(due ? { due, daysLeft: daysUntil(today, dayOf(due)) } : {}),
})
/** Days and instants stand in one order: a day that is due ends after every instant of it. */
const last = '\u{10ffff}'
const placeOf = ({ due = last, since = last }: DayItem) => `${due}${last} ${since}`
const inOrder = (one: DayItem, other: DayItem) => (placeOf(one) < placeOf(other) ? -1 : 1)

@ApiTags('staff')
@Controller('my-day')
export class MyDayController {
  constructor(private readonly queries: QueryBus) {}

  @Reads({
    path: '',
    summary: 'What waits for the reader, in their role: what is due first; with the people’s names where a purpose is given',
    roles: rolesThatMay('READ_OWN_ROLE', 'READ'),
    underAudit: 'NOT_NEEDED',
    refusals: closedNames,
    answers: MyDayAnswer,
  })
  day(@TheRequest() told: RequestFacts, @QueryParams() { purpose }: DayQuery): Promise<MyDayAnswer> {
    return this.queries.execute(new GetMyDay(told, purpose))
  }
}
