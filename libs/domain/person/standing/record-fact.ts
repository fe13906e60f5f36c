import { londonDate } from '#calendar/statutory-periods'
import { type At, command } from '#decider/command'
import { isCriminal } from '#event-kit/scope'
import type { Clause } from '#kernel/clauses'
import type { Id, SubjectRef } from '#kernel/id'
import { refused } from '#kernel/refusals'
import { accept } from '#kernel/result'
import type { Personal } from '#kernel/personal'
import { type PersonEvent, person } from '../person.js'
import { type FactKind, factKinds, hasOffenderStatus } from './facts.js'

export type FactId = Id<'FactId'>
type OfFact = { readonly subjectRef: SubjectRef; readonly factId: FactId; readonly words?: Personal<string> | undefined }
type Beginning = OfFact & { readonly from: string; readonly until?: string | undefined }

/** C15, C18, C19: to give the service, and to manage risks to the person, the team and the public. */
const factBasis = { art6: 'f', art9: '9-2-h', sch1: 'para-2' } as const
/** Facts about offences are for managing risks; what somebody is at risk of, for giving the service. */
const ofKind = (kind: FactKind) =>
  ({
    aggregate: person,
    capability: 'RECORD_RISK',
    purpose: isCriminal(factKinds[kind]) ? 'RISK_MANAGEMENT' : 'SERVICE_PROVISION',
    basis: factBasis,
    categories: () => [factKinds[kind]],
    exemptFrom: [],
  }) as const

type Recording<I> = {
  readonly name: string
  readonly clauses: readonly Clause[]
  readonly says: string
  readonly kind: FactKind
  readonly event: { of(data: I): PersonEvent }
  /** C09: whether it is offence data, which is recorded of offenders and ex-offenders only. */
  readonly isOfOffender?: (fact: I) => boolean
  /** Custody can be known beforehand. */
  readonly mayLieAhead?: true
}

/** K20: that something is so, since a day, and perhaps until a day that is known. */
export const recordFact = <I extends Beginning>({
  name,
  clauses,
  says,
  kind,
  event,
  isOfOffender = () => false,
  mayLieAhead,
}: Recording<I>) =>
  command({
    name,
    clauses,
    says,
    ...ofKind(kind),
    streamId: ({ subjectRef }: I) => subjectRef,
    refusals: ['NOT_FOUND', 'CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS', 'DAY_NOT_COME_YET', 'DAYS_OUT_OF_ORDER'],
    decide:
      (fact: I, { now }: At) =>
      ({ intake, facts }) => {
        if (!intake.referral) return refused('NOT_FOUND')
        if (isOfOffender(fact) && !hasOffenderStatus(facts, now)) return refused('CRIMINAL_DATA_WITHOUT_OFFENDER_STATUS')
        if (!mayLieAhead && fact.from > londonDate(now)) return refused('DAY_NOT_COME_YET')
        if (fact.until !== undefined && fact.until < fact.from) return refused('DAYS_OUT_OF_ORDER')
        return accept([event.of(fact)])
      },
  })

type Ending = OfFact & { readonly endedOn: string }

/** K20: its last day, as it was. What was recorded twice is as it was recorded first. */
export const endFact = <I extends Ending>({ name, clauses, says, kind, event }: Omit<Recording<I>, 'isOfOffender' | 'mayLieAhead'>) =>
  command({
    name,
    clauses,
    says,
    ...ofKind(kind),
    streamId: ({ subjectRef }: I) => subjectRef,
    refusals: ['NOT_FOUND', 'FACT_ENDED', 'DAY_NOT_COME_YET', 'DAYS_OUT_OF_ORDER'],
    decide:
      (ending: I, { now }: At) =>
      ({ facts }) => {
        const fact = facts[ending.factId]
        if (fact?.kind !== kind) return refused('NOT_FOUND')
        if (fact.endedOn !== undefined) return fact.endedOn === ending.endedOn ? accept([]) : refused('FACT_ENDED')
        if (ending.endedOn < fact.from) return refused('DAYS_OUT_OF_ORDER')
        if (ending.endedOn > londonDate(now)) return refused('DAY_NOT_COME_YET')
        return accept([event.of(ending)])
      },
  })
