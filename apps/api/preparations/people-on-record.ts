import { Injectable } from '@nestjs/common'
import type { ReportBreach } from '#domain/breach/report-breach'
import { person } from '#domain/person/person'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { refusedAs } from '#nest/problems'
import { mostProblems } from '#nest/shape'
import { NotCurrent } from '#projections/declaration'
import { caseView } from '#read-models/case-view/projection'
import { casesAmong } from '#read-models/case-view/queries'
import type { BreachBody } from '../bodies/breach.js'
import { CommandDesk } from '../command-desk.js'
import { Reading } from '../reading.js'

const at = 50
type BreachToPrepare = ToPrepare<ReportBreach, BreachBody>

/** Of the people whom a report names each is one, however many they are: a slip would be looked for in vain once they are to be told. */
@Injectable()
export class PeopleOnRecord implements Preparation<ReportBreach, BreachBody, object> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly reading: Reading,
  ) {}

  async check({ body: { affected = [] } }: BreachToPrepare): Promise<void> {
    if (affected.length === 0) return
    const seen = await this.#seen(affected)
    const unseen = affected.map((ref, n) => ({ ref, n })).filter(({ ref }) => !seen.has(ref))
    const unknown: number[] = []
    // What the view does not show yet stands in the log. A few that are nobody are enough to say so.
    for (let from = 0; from < unseen.length && unknown.length < mostProblems; from += at) {
      const some = await Promise.all(unseen.slice(from, from + at).map(async one => ({ ...one, known: await this.#isKnown(one.ref) })))
      unknown.push(...some.filter(({ known }) => !known).map(({ n }) => n))
    }
    if (unknown.length === 0) return
    const errors = unknown.slice(0, mostProblems).map(n => ({ field: `affected.${n}`, rule: 'must be somebody who is on record here' }))
    throw refusedAs('INVALID_REQUEST', errors)
  }

  prepare() {
    return Promise.resolve({})
  }

  /** A report never waits for a read model that is being built. */
  async #seen(refs: readonly string[]): Promise<ReadonlySet<string>> {
    try {
      return await this.reading.shown(caseView.name, () => casesAmong(this.reading.sql, refs))
    } catch (error) {
      if (error instanceof NotCurrent) return new Set()
      throw error
    }
  }

  async #isKnown(ref: string): Promise<boolean> {
    return (await this.desk.folds.load(person, ref)).state.intake.referral !== undefined
  }
}
