import type { StaffRef } from '#kernel/id'

/** The actor of processes: a machine, which never decides about a person (C68). */
const systemActor = { id: '00000000-0000-4000-8000-00000000c1ed' as StaffRef, role: 'system' } as const

type OwnFacts = { readonly purpose: string; readonly correlationId: string; readonly commandId: string; readonly command: string }
/** What the machine says of a command or a reading of its own: it rests on no notice and no policy. Article 6(1)(c) unless told. */
export const systemFacts = <F extends OwnFacts>(own: F, art6 = 'c') => ({ ...machineFacts(art6), ...own })

/** What is the same of everything that the machine says. */
export const machineFacts = (art6 = 'c') => ({
  actor: systemActor,
  lawfulBasis: { art6 },
  noticeVersion: 'NONE',
  policies: {},
  regime: 'UK-GDPR',
})
