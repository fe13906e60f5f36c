import type { RefusalsOf } from './refusal-text.js'

/** It was right, and comes too late or too early. */
export const state = {
  SUBJECT_ERASED: {
    class: 'state',
    clause: 'C17',
    rule: 'This person’s data was erased; nothing more is recorded about them here.',
    remedy:
      'Somebody who comes back is referred again, as somebody new. In an emergency tell whoever has to know at once: '
      + 'the Caldicott Guardian keeps the note of it outside of this service.',
  },
  PROCESSING_RESTRICTED: {
    class: 'state',
    clause: 'C65',
    rule: 'The processing of this person’s data is restricted.',
    remedy: 'Wait until the restriction is lifted; what has to go on all the same has a command of its own.',
  },
  CONSEQUENCE_NOT_EXPLAINED: {
    class: 'state',
    clause: 'C17',
    rule: 'A full erasure ends the service, and the person has to have been told so.',
    remedy: 'Explain the consequence and give the time in consequenceExplainedAt.',
  },
  PAST_POINT_OF_REFERRAL: {
    class: 'state',
    clause: 'C13',
    rule: 'A no erases at the point of referral only: this person was accepted, or the service has begun for them.',
    remedy: 'Take it as a request for erasure (C64), at subjects/{subjectRef}/erasure-requests: it is decided within a month.',
  },
  POLICY_VERSION_TAKEN: {
    class: 'state',
    clause: 'C03',
    rule: 'A version of a policy is published once: what it says stays what it said.',
    remedy: 'Publish what changed under a version of its own.',
  },
  POLICY_NOT_AHEAD: {
    class: 'state',
    clause: 'C03',
    rule: 'A version holds from when it is published or from later on, and not from before one of the same that was published already.',
    remedy: 'Give a later effectiveFrom, or leave it out: then it holds from now on.',
  },
  EPISODE_NOT_OPEN: {
    class: 'state',
    clause: 'C01',
    rule: 'This needs somebody who is using the service now.',
    remedy: 'Accept the referral first; if the person stopped using the service, reopen the episode.',
  },
  DAY_NOT_COME_YET: { class: 'state', rule: 'A day that lies ahead cannot have been yet.', remedy: 'Give the day on which it was.' },
  DAYS_OUT_OF_ORDER: {
    class: 'state',
    rule: 'Nothing ends before the day on which it began, and nothing goes on before the day on which it ended.',
    remedy: 'Give the days as they were; the case view shows those that are on record.',
  },
  FACT_ENDED: {
    class: 'state',
    rule: 'What has ended, or was closed, ends once.',
    remedy: 'Read the case: when it ended is on record. An end that is wrong is marked as recorded in error first.',
  },
  INCIDENT_CLOSED: {
    class: 'state',
    clause: 'C39',
    rule: 'An incident that is closed is closed once, and nobody more is said to have been in it.',
    remedy: 'Raise another one for what came to light since.',
  },
  LAST_INTERESTED_PARTY: {
    class: 'state',
    clause: 'C40',
    rule: 'An incident has an interested party at any time: without one nobody would know of it.',
    remedy: 'Let somebody else at it first.',
  },
  PERSON_HAS_DIED: {
    class: 'state',
    clause: 'C57',
    rule: 'Nobody contacts somebody who has died, and they do not use the service.',
    remedy: 'Where that is wrong, correct it: POST /v1/subjects/{subjectRef}/death/correction.',
  },
  JOB_ENDED: { class: 'state', rule: 'A job ends once.', remedy: 'Read the episode: the day on which this job ended is on record.' },
  JOB_NOT_SUSTAINED: {
    class: 'state',
    rule: 'A job is sustained once it was kept for thirteen weeks.',
    remedy: 'Wait until the thirteen weeks are full; a job that ended before them was not sustained.',
  },
  WORKER_NOT_REGISTERED: {
    class: 'state',
    clause: 'C37',
    rule: 'Whoever supports somebody is registered as an IPS worker.',
    remedy: 'Register them in the role ips-worker, or name another worker.',
  },
  MESSAGE_HANDLED: {
    class: 'state',
    clause: 'C60',
    rule: 'Somebody has said what this message was.',
    remedy: 'Read the list of messages. What else it asks for is received by its own command.',
  },
  ALREADY_DECIDED: { class: 'state', rule: 'This has been decided before.', remedy: 'Read the decision; a new request can be made.' },
  DISCLOSURE_NOT_PENDING: {
    class: 'state',
    rule: 'Only a disclosure that waits for a decision can be decided, and only one that waits to be sent can be sent.',
    remedy: 'Read the disclosure’s state; a new request can be made.',
  },
  DISCLOSURE_BEING_SENT: {
    class: 'state',
    rule: 'A disclosure is being handed over at this moment; what becomes of it is on record first.',
    remedy: 'Send the same request again in a moment.',
  },
  STORAGE_NOT_EXPLAINED: {
    class: 'state',
    clause: 'C41',
    rule: 'Whoever holds to an objection to storage, and so leaves, has been told first what follows from it.',
    remedy: 'Tell them, and record that: POST /v1/subjects/{subjectRef}/mis-storage-objections/{objectionId}/explanation.',
  },
  STORAGE_CHOSEN: {
    class: 'state',
    clause: 'C41',
    rule: 'An objection to storage is settled once.',
    remedy: 'Where they have changed their mind, receive an objection anew, or see to the request for erasure.',
  },
  STAFF_STILL_HERE: {
    class: 'state',
    clause: 'C46',
    rule: 'Who somebody is, is erased once they have left, not before.',
    remedy: 'Record that they left first.',
  },
  STAFF_LEFT: {
    class: 'state',
    clause: 'C37',
    rule: 'Whoever has left is neither suspended nor reinstated.',
    remedy: 'Somebody who comes back is registered again: POST /v1/staff.',
  },
  ROLE_NOT_REGISTERED: {
    class: 'state',
    clause: 'C48',
    rule: 'Somebody is appointed to a role in which they are registered.',
    remedy: 'Register them in this role first: POST /v1/staff.',
  },
  AUDIT_CLOSED: { class: 'state', rule: 'This audit is closed, or has expired.', remedy: 'Have the DPO open another.' },
  NOTHING_SIGNED: {
    class: 'state',
    rule: 'No checkpoint of the audit ledger was signed yet.',
    remedy: 'Ask again in a while; if it stays so, tell the operators that no signer is running.',
  },
  VERSION_CONFLICT: {
    class: 'state',
    rule: 'Somebody else changed the record in the meantime.',
    remedy: 'Read the record again and repeat the command.',
  },
} as const satisfies RefusalsOf<'state'>
