import {
  type ClosingReason,
  type FindingAnswer,
  type FindingKind,
  type FindingOutcome,
  closingReasons,
  findingAnswers,
  findingKinds,
  findingOutcomes,
  maxSample,
} from '#domain/audit/events'
import { isPaperNumber, paperNumberPattern, paperNumberRule } from '#event-kit/paper-number'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { Checked, Count, Instant, OneOf, Text, Uuid } from '#nest/fields'
import { EventType } from '../event-type.js'

export class AuditBody {
  @Uuid({ list: true, atLeastOne: true, max: 20, description: 'Who audits: their staffRef, as /v1/me answers it to them.' })
  auditors!: StaffRef[]
  @OneOf(['ALL', 'SUBJECTS']) scope!: 'ALL' | 'SUBJECTS'
  @Uuid({ list: true, optional: true, description: 'The people, where the scope is SUBJECTS.' }) subjects?: SubjectRef[]
  @Instant({ description: 'The period that is audited: recorded from here on …' }) from!: string
  @Instant({ description: '… until before here.' }) to!: string
  @Instant({ description: 'From here on nobody reads under it any more.' }) expiresAt!: string
  @Checked(
    'reference',
    paperNumberRule,
    isPaperNumber,
    { type: 'string', pattern: paperNumberPattern },
    { description: 'The audit’s own number, as it stands in letters.' },
  )
  reference!: string
}

export class AuditClosingBody {
  @OneOf(closingReasons) reason!: ClosingReason
}

export class SampleBody {
  @Count({ atLeast: 1, atMost: maxSample, description: 'How many are drawn.' }) size!: number
  @EventType({ optional: true, description: 'Of one event type only, such as DataShared.' }) type?: string
}

export class SeedBody {
  @Checked('seed', 'must be 64 hexadecimal digits, in lower case', value => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value), {
    type: 'string',
    pattern: '^[0-9a-f]{64}$',
    description: 'Thrown by the auditor, after the sample was fixed.',
  })
  seed!: string
}

export class FindingBody {
  @OneOf(findingKinds) kind!: FindingKind
  @Checked(
    'clause',
    'must be a clause of the notice, such as C31',
    value => typeof value === 'string' && /^C\d{2}$/.test(value),
    { type: 'string', pattern: '^C[0-9]{2}$' },
    { optional: true },
  )
  clause?: string
  @Count({ list: true, optional: true, max: maxSample, description: 'The leaves that it is about, by their index.' }) leaves?: number[]
  @Text(10_000, { description: 'What was found: sealed under the audit’s own key.' }) words!: string
}

export class FindingAnswerBody {
  @OneOf(findingAnswers) answer!: FindingAnswer
  @Text(10_000) words!: string
}

export class FindingClosingBody {
  @OneOf(findingOutcomes) outcome!: FindingOutcome
}
