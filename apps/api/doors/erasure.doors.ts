import { decideErasure } from '#domain/person/erasure/decide-erasure'
import { requestErasure } from '#domain/person/erasure/request-erasure'
import { doorOf } from '#nest/door-of'
import { ErasureDecisionAnswer, ErasureRequestAnswer, caseOf } from '../answers.js'
import { ErasureDecisionBody, ErasureRequestBody, decisionIn, requestIn } from '../bodies/erasure.js'

const tag = 'erasure'

export const requestErasureDoor = doorOf(tag, requestErasure, {
  path: 'subjects/:subjectRef/erasure-requests',
  creates: ({ subjectRef }) => caseOf(subjectRef, 'RIGHTS_FULFILMENT'),
  body: ErasureRequestBody,
  input: (body, ids, mint) => ({ ...requestIn(body), ...ids, requestId: mint('request') }),
  facts: ({ calendar }) => ({ calendar }),
  answers: ErasureRequestAnswer,
  answer: ({ subjectRef, requestId }, events) => ({
    subjectRef,
    requestId,
    due: events.find(event => event.type === 'ErasureRequested')?.data.due ?? '',
  }),
})

export const decideErasureDoor = doorOf(tag, decideErasure, {
  path: 'subjects/:subjectRef/erasure-requests/:requestId/decision',
  body: ErasureDecisionBody,
  input: (body, ids, mint) => ({ ...decisionIn(body), ...ids, erasureId: mint('erasure') }),
  facts: ({ calendar }) => ({ calendar }),
  answers: ErasureDecisionAnswer,
  answer: ({ subjectRef, requestId, decision }) => ({ subjectRef, requestId, decision }),
})
