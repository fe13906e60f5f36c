import type { Scope } from './scope.js'

type KeySubjectRow = {
  /** Its keys are announced on its own stream, of this category. */
  readonly category: string
  /** The event that announces them, and the field of that event that names the subject. */
  readonly announcedBy: string
  readonly field: string
}
/** Who can have keys of their own. A new kind is one row here, and its announcement among the events of its context. */
export const keySubjects = {
  SubjectRef: { category: 'person', announcedBy: 'SubjectKeyCreated', field: 'subjectRef' },
  /** Its narrative does not die with a person in it. */
  BreachId: { category: 'breach', announcedBy: 'BreachKeyCreated', field: 'breachId' },
  /** What auditors and the service say of a finding is theirs, whoever it is about. */
  AuditId: { category: 'audit', announcedBy: 'AuditKeyCreated', field: 'auditId' },
  /** Who a member of staff is. Theirs to be forgotten, some time after they left. */
  StaffRef: { category: 'staff', announcedBy: 'StaffKeyCreated', field: 'staffRef' },
} as const satisfies Readonly<Record<string, KeySubjectRow>>
export type KeySubject = keyof typeof keySubjects

/** What is announced about a key: never the key. */
type Announced = { readonly subject: string; readonly kid: string; readonly scope: Scope; readonly generation: number; readonly kc: string }

const byAnnouncement = new Map<string, KeySubjectRow>(Object.values(keySubjects).map(row => [row.announcedBy, row]))

/** The stream on which the subject's keys are announced. */
export const homeStream = (kind: KeySubject, id: string) => `${keySubjects[kind].category}-${id}`
export const announcesKey = (type: string) => byAnnouncement.has(type)

/** The event that announces a key on its subject's own stream. */
export function announcementOf(kind: KeySubject, { subject, kid, scope, generation, kc }: Announced) {
  const { announcedBy, field } = keySubjects[kind]
  return { type: announcedBy, data: { [field]: subject, kid, scope, generation, kc } }
}

/** The key that a decoded event announces, if it announces one. */
export function keyAnnouncedIn({ type, data }: { readonly type: string; readonly data: unknown }): Announced | undefined {
  const row = byAnnouncement.get(type)
  if (!row) return undefined
  const { kid, scope, generation, kc, ...named } = data as Omit<Announced, 'subject'> & Readonly<Record<string, unknown>>
  return { subject: String(named[row.field]), kid, scope, generation, kc }
}
