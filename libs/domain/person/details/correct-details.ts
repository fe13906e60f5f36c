import { command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import { person } from '../person.js'
import { PersonalDetailsCorrected } from './events.js'
import { type DetailsFacts, type RecordDetails, detailRefusals, detailsOf, judgeDetails, recordDetails } from './record-details.js'

type Superseded = DataOfEvent<typeof PersonalDetailsCorrected>['supersedes'][number]

/** C07, C63: what was wrong is corrected. The event names those that it takes the place of; what they said stays in the history, sealed. */
export const correctDetails = command({
  name: 'CorrectDetails',
  clauses: ['C07', 'C63'],
  says: 'Correct what is held of a person, by category',
  aggregate: person,
  streamId: recordDetails.streamId,
  capability: recordDetails.capability,
  purpose: recordDetails.purpose,
  basis: recordDetails.basis,
  categories: recordDetails.categories,
  exemptFrom: recordDetails.exemptFrom,
  refusals: [...detailRefusals, 'FIELD_NOT_HELD'],
  decide: (details: RecordDetails, facts: DetailsFacts) => person => {
    const judged = judgeDetails(details.category, facts, person)
    if (typeof judged === 'string') return refused(judged)
    const corrected = detailsOf(details, judged.category)
    const held = corrected.fieldCodes.map(field => person.held.get(field)?.eventId as Superseded | undefined)
    if (held.includes(undefined)) return refused('FIELD_NOT_HELD')
    const supersedes = [...new Set(held.filter(eventId => eventId !== undefined))]
    return accept([PersonalDetailsCorrected.of({ ...corrected, supersedes })])
  },
})
