import type { Aggregate, Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { type Refusal, refused } from '#kernel/refusals'
import type { Result } from '#kernel/result'
import type { AuditOpened, AuditRegisterEvent } from './events.js'

export type Mandate = Omit<DataOfEvent<typeof AuditOpened>, 'at'> & { readonly closedAt?: string }
/** Every audit that was ever opened: one stream, so that who may read is never a question to a read model. */
export type Audits = ReadonlyMap<string, Mandate>

const evolve: Evolve<Audits, AuditRegisterEvent> = {
  AuditOpened: (audits, { at: _, ...mandate }) => new Map(audits).set(mandate.auditId, mandate),
  AuditClosed: (audits, { auditId, at }) => {
    const mandate = audits.get(auditId)
    return mandate ? new Map(audits).set(auditId, { ...mandate, closedAt: at }) : audits
  },
}
export const audits: Aggregate<Audits, AuditRegisterEvent> = { category: 'audits', initial: new Map(), evolve, standing: 'NOBODY' }

export const isOpen = ({ closedAt, expiresAt }: Mandate, now: string) => closedAt === undefined && now < expiresAt

/** The audit that an auditor reads under: the one that they name, or the only open one that names them. */
export function mandateOf(
  known: Audits,
  auditor: string,
  named: string | undefined,
  now: string,
): Result<Mandate, Refusal<'AUDIT_REQUIRED'>> {
  const theirs = [...known.values()].filter(one => one.auditors.includes(auditor as never) && isOpen(one, now))
  const [mandate, another] = named === undefined ? theirs : theirs.filter(({ auditId }) => auditId === named)
  return mandate && !another ? { ok: true, value: mandate } : refused('AUDIT_REQUIRED')
}

/** Whether something about these people, or without any about everybody, is within an audit's scope. */
export const isWithin = ({ scope, subjects }: Pick<Mandate, 'scope' | 'subjects'>, subjectRef: string | undefined) =>
  scope === 'ALL' || (subjectRef !== undefined && subjects.includes(subjectRef as never))

/** The audit that something is done under; undefined where nobody knows of it. */
export type UnderAudit = { readonly mandate: Mandate | undefined }
/** What is done under an audit needs one that is known and open. */
export const whyNotUnder = (mandate: Mandate | undefined, now: string): 'NOT_FOUND' | 'AUDIT_CLOSED' | undefined =>
  mandate === undefined ? 'NOT_FOUND' : isOpen(mandate, now) ? undefined : 'AUDIT_CLOSED'
