import { type At, type By, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { earlierOf } from '#kernel/instants'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { HealthOversightReviewed } from './events.js'
import { organisation } from './staff.js'

export type ReviewHealthOversight = Omit<DataOfEvent<typeof HealthOversightReviewed>, 'overseer'>
/** Whether everybody whose records were looked at is on record: a slip would be taken for a review. */
export type ReviewedFacts = { readonly allKnown: boolean }

/** C18: oversight is exercised: a sample of those whose health data was recorded, and what came of it. */
export const reviewHealthOversight = command({
  name: 'ReviewHealthOversight',
  clauses: ['C18'],
  says: 'Record that whoever oversees health data has looked at the records of some people, and what came of it',
  aggregate: organisation,
  streamId: (_: ReviewHealthOversight) => 'main',
  capability: 'OVERSEE_HEALTH',
  purpose: 'HEALTHCARE',
  basis: { art6: 'f', art9: '9-2-h', sch1: 'para-2' },
  // Nothing of anybody's health is written down, only that it was looked at.
  categories: noCategories,
  // Whatever the paperwork, what was looked at was looked at.
  exemptFrom: ['W3'],
  refusals: ['NOT_FOUND'],
  decide:
    (reviewed: ReviewHealthOversight, { actor, now, allKnown }: At & By & ReviewedFacts) =>
    () =>
      allKnown
        ? accept([HealthOversightReviewed.of({ ...reviewed, overseer: actor.id, reviewedAt: earlierOf(reviewed.reviewedAt, now) })])
        : refused('NOT_FOUND'),
})
