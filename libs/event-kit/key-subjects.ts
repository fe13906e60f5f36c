import type { Scope } from './scope.js'

type KeySubjectRow = {
  /** Its keys are announced on its own stream, of this category. */
  readonly category: string
  /** The event that announces them, and the field of that event that names the subject. */
  readonly announcedBy: string
  readonly field: string
  /** Of a subject without a stream of its own: the field, of every event that names it, that says on whose stream its keys are. */
  readonly livesWith?: string
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
  /** What happened, as the parties of an incident tell it. */
  IncidentId: { category: 'incident', announcedBy: 'IncidentKeyCreated', field: 'incidentId' },
  /** What an incident holds of one person: theirs to be erased, without the incident. Nothing else says that they were in it. */
  InvolvementId: { category: 'incident', announcedBy: 'InvolvementKeyCreated', field: 'involvementId', livesWith: 'incidentId' },
} as const satisfies Readonly<Record<string, KeySubjectRow>>
export type KeySubject = keyof typeof keySubjects

/** What is announced about a key: never the key. */
type Announced = { readonly subject: string; readonly kid: string; readonly scope: Scope; readonly generation: number; readonly kc: string }

const rows: Readonly<Record<KeySubject, KeySubjectRow>> = keySubjects
const byAnnouncement = new Map<string, KeySubjectRow>(Object.values(rows).map(row => [row.announcedBy, row]))

/**
 * The stream on which the subject's keys are announced. @param id of whoever the stream is: the subject's own, unless it lives with
 * another
 */
export const homeStream = (kind: KeySubject, id: string) => `${rows[kind].category}-${id}`
/** The same of a subject that an event names. */
export const homeIn = (kind: KeySubject, id: string, data: Readonly<Record<string, unknown>>) => {
  const { livesWith } = rows[kind]
  return homeStream(kind, livesWith === undefined ? id : String(data[livesWith]))
}
/** The field that says with whom a subject lives that has no stream of its own. */
export const livesWith = (kind: KeySubject): string | undefined => rows[kind].livesWith
export const announcesKey = (type: string) => byAnnouncement.has(type)

/** The event that announces a key on the stream where its subject lives. */
export function announcementOf(kind: KeySubject, { subject, kid, scope, generation, kc }: Announced, home: string) {
  const { announcedBy, field, livesWith, category } = rows[kind]
  const lives = livesWith === undefined ? {} : { [livesWith]: home.slice(category.length + 1) }
  return { type: announcedBy, data: { ...lives, [field]: subject, kid, scope, generation, kc } }
}

/** The key that a decoded event announces, if it announces one. */
export function keyAnnouncedIn({ type, data }: { readonly type: string; readonly data: unknown }): Announced | undefined {
  const row = byAnnouncement.get(type)
  if (!row) return undefined
  const { kid, scope, generation, kc, ...named } = data as Omit<Announced, 'subject'> & Readonly<Record<string, unknown>>
  return { subject: String(named[row.field]), kid, scope, generation, kc }
}
