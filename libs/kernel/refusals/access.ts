import type { RefusalsOf } from './refusal-text.js'

/** Who may do or read what. */
export const access = {
  NO_NEED_TO_KNOW: {
    class: 'access',
    clause: 'C37',
    rule: 'A record opens for a purpose of one’s role, to whoever supports the person or leads their team; to others by a grant.',
    remedy: 'Use a purpose of your role, or ask your team leader or the DPO for a grant. In need that cannot wait, break the glass.',
  },
  ROLE_NOT_PERMITTED: {
    class: 'access',
    clause: 'C37',
    rule: 'This role may not do this.',
    remedy: 'Ask somebody whose role it is; the API documents name the roles.',
  },
  STAFF_NOT_REGISTERED: {
    class: 'access',
    clause: 'C47',
    rule: 'Only registered, active members of staff with a current appointment, where their role needs one, may use the service.',
    remedy: 'Have the member of staff registered or appointed.',
  },
  TRAINING_EXPIRED: {
    class: 'access',
    clause: 'C47',
    rule: 'Whoever works with the record has data protection training that is in date.',
    remedy: 'Do the training, or ask somebody whose training is in date.',
  },
  POLICY_NOT_ACKNOWLEDGED: {
    class: 'access',
    clause: 'C38',
    rule: 'Whoever works with the record has acknowledged each policy for those who work here, in the version that is in force.',
    remedy: 'Read what GET /v1/policies/staff-policies names, and acknowledge it: POST /v1/staff/{staffRef}/acknowledgements.',
  },
  ONLY_FOR_ONESELF: {
    class: 'access',
    clause: 'C38',
    rule: 'That a policy was read, each says for themselves.',
    remedy: 'Use your own staffRef, which GET /v1/me answers, or have them say it.',
  },
  AUDIT_REQUIRED: {
    class: 'access',
    clause: 'C37',
    rule: 'An auditor reads under an open audit that names them.',
    remedy: 'Have the DPO open an audit that names you; where several are open, say which in the header Audit-Id.',
  },
  AUDIT_SCOPE_EXCEEDED: {
    class: 'access',
    clause: 'C37',
    rule: 'This is not within the scope of the audit.',
    remedy: 'Ask for what the audit covers, or have the DPO open one that covers this.',
  },
  AUTOMATED_DECISION_FORBIDDEN: {
    class: 'access',
    clause: 'C68',
    rule: 'Whether a person is accepted or turned away, and what is erased by it, is decided by people, never by a machine alone.',
    remedy: 'Have a member of staff who spoke with the person, or who saw the evidence, record it.',
  },
  SELF_APPROVAL_FORBIDDEN: { class: 'access', clause: 'C38', rule: 'Nobody approves their own request.', remedy: 'Ask another approver.' },
  ROLE_NOT_TO_GIVE: {
    class: 'access',
    clause: 'C37',
    rule: 'A team leader gives the roles of a team, a system administrator those of machines, DPO and Caldicott Guardian the others.',
    remedy: 'Ask somebody whose role gives this one; an accountable executive is registered by the operators: caseledger staff register.',
  },
  NOT_INTERESTED_PARTY: {
    class: 'access',
    status: 404,
    clause: 'C40',
    rule: 'An incident is there for its interested parties alone: whoever is none is answered as if there were no such incident.',
    remedy: 'None. It is on record, where the parties see it.',
  },
  CONFLICT_OF_INTEREST: {
    class: 'access',
    clause: 'C38',
    rule: 'Nobody reads or decides about themselves, or about somebody to whom they are close, nor a request that concerns themselves.',
    remedy: 'Ask a colleague, the deputy, or the other of DPO and Caldicott Guardian.',
  },
} as const satisfies RefusalsOf<'access'>
