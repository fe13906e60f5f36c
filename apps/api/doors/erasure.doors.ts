import { decideErasure } from '#domain/person/erasure/decide-erasure'
import { requestErasure } from '#domain/person/erasure/request-erasure'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { ErasureDecisionAnswer, ErasureRequestAnswer } from '../answers.js'
import { ErasureDecisionBody, ErasureRequestBody } from '../bodies/erasure.js'

const tag = 'erasure'

export const requestErasureDoor = doorOf(requestErasure, {
  tag,
  path: 'subjects/:subjectRef/erasure-requests',
  creates: true,
  body: ErasureRequestBody,
  input: ({ words, concernsStaff = [], ...body }, ids, mint) => ({
    ...body,
    ...ids,
    concernsStaff,
    requestId: mint('request'),
    words: Personal.of(words),
  }),
  facts: ({ calendar }) => ({ calendar }),
  answers: ErasureRequestAnswer,
  answer: ({ subjectRef, requestId }, events) => ({
    subjectRef,
    requestId,
    due: events.find(event => event.type === 'ErasureRequested')?.data.due ?? '',
  }),
})

export const decideErasureDoor = doorOf(decideErasure, {
  tag,
  path: 'subjects/:subjectRef/erasure-requests/:requestId/decision',
  body: ErasureDecisionBody,
  input: ({ reasons, perScope = [], ...body }, ids, mint) => ({
    ...body,
    ...ids,
    perScope,
    erasureId: mint('erasure'),
    reasons: Personal.given(reasons),
  }),
  answers: ErasureDecisionAnswer,
  answer: ({ subjectRef, requestId, decision }) => ({ subjectRef, requestId, decision }),
})
