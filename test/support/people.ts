import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { examples } from '#domain/person/examples'
import { recordDetails } from '#domain/person/details/record-details'
import { requestErasure } from '#domain/person/erasure/request-erasure'
import { type DecideErasure, decideErasure } from '#domain/person/erasure/decide-erasure'
import { receiveReferral } from '#domain/person/intake/receive-referral'
import { type PersonEvent, person } from '#domain/person/person'
import { homeStream } from '#event-kit/key-subjects'
import type { Backend } from '#backend/backend'
import type { ErasureId, SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { reindexAfterRetirement } from '#key-keeping/reindex'
import { carryOutErasure } from '#processes/erasure'
import { NotYet, type Work } from '#processes/work'
import { facts, project } from './world.js'

/** The word that stands in every personal field of these people. */
export const words = 'Perpetua-Canary'

/** A referral with personal data in two scopes and health data in a third. */
export async function refer(
  { commands }: Pick<Backend, 'commands'>,
  subjectRef = randomUUID() as SubjectRef,
  word = words,
): Promise<SubjectRef> {
  const { wish: _, wishClaimed: __, ...referral } = examples.ReferralReceived.data
  const data = {
    ...referral,
    referralId: randomUUID() as typeof referral.referralId,
    subjectRef,
    serviceWish: 'YES' as const,
    person: { name: Personal.of(word) },
    reason: Personal.of(word),
  }
  await commands.execute({
    aggregate: person,
    id: subjectRef,
    facts: facts(),
    decide: receiveReferral.decide(data, { now: data.receivedAt, nhsNumber: 'NOT_GIVEN', alike: [], otherSeen: undefined }),
  })
  await giveHealth({ commands }, subjectRef, word)
  return subjectRef
}

/** Health data of somebody who was referred. */
export const giveHealth = ({ commands }: Pick<Backend, 'commands'>, subjectRef: SubjectRef, summary: string) =>
  commands.execute({
    aggregate: person,
    id: subjectRef,
    facts: facts(),
    decide: recordDetails.decide(
      { subjectRef, category: 'HLT', provenance: 'PERSON', items: { summary: Personal.of(summary) } },
      { mayRecord: true, unknownFields: 0, nhsNumber: 'NOT_GIVEN' },
    ),
  })

/** Everything else that can happen to a person, without the erasure: appended as it stands in the examples. */
export async function live({ commands }: Pick<Backend, 'commands'>, subjectRef: SubjectRef) {
  const {
    ReferralReceived: _,
    SubjectKeyCreated: _1,
    ErasureFenced: _2,
    SubjectKeyDestroyed: _3,
    ErasureCompleted: _4,
    ReferralErased: _5,
    ProjectionPurgeConfirmed: _6,
    ErasureApproved: _7,
    ErasureRequestClosed: _8,
    ...rest
  } = examples
  for (const event of Object.values(rest)) {
    const data = {
      ...event.data,
      subjectRef,
      ...('disclosureId' in event.data ? { disclosureId: subjectRef } : {}),
      ...('requestId' in event.data ? { requestId: subjectRef } : {}),
    }
    const outcome = await commands.execute({
      aggregate: person,
      id: subjectRef,
      facts: facts(),
      decide: () => accept([{ ...event, data } as unknown as PersonEvent]),
    })
    assert.equal(outcome.kind, 'accepted')
  }
}

export async function approveErasure({ commands }: Pick<Backend, 'commands'>, subjectRef: SubjectRef): Promise<ErasureId> {
  const requestId = randomUUID() as DecideErasure['requestId']
  const erasureId = randomUUID() as ErasureId
  const { due: _, regime: __, rule: ___, calendarVersion: ____, ...request } = examples.ErasureRequested.data
  await commands.execute({
    aggregate: person,
    id: subjectRef,
    facts: facts(),
    decide: requestErasure.decide(
      { ...request, subjectRef, requestId },
      { now: new Date().toISOString(), calendar: { version: 'SPEC', holidays: new Set() } },
    ),
  })
  const dpo = { ...facts().actor, role: 'dpo' as const }
  await commands.execute({
    aggregate: person,
    id: subjectRef,
    facts: facts(),
    decide: decideErasure.decide(
      { requestId, erasureId, subjectRef, decision: 'APPROVED', consequenceExplainedAt: '2026-11-01T09:00:00.000Z', perScope: [] },
      { actor: dpo, now: new Date().toISOString(), calendar: { version: 'SPEC', holidays: new Set() } },
    ),
  })
  return erasureId
}

/** The same, as the work of the erasure process. */
export const approvedErasure = async (backend: Pick<Backend, 'commands'>, subjectRef: SubjectRef): Promise<Work> => ({
  workId: await approveErasure(backend, subjectRef),
  stream: homeStream('SubjectRef', subjectRef),
  sourceEventId: randomUUID(),
})

/** What the erasure process works with. */
export const erasureParts = (backend: Backend) => ({
  ...backend,
  seen: backend.tables,
  reindex: (subjectRef: SubjectRef) => reindexAfterRetirement(backend, subjectRef),
  copiesUnreadableBy: () => Promise.resolve('2026-12-01T09:00:00.000Z'),
})

/** What the worker does with an approved erasure, to its certificate; whatever it waits for is projected. */
export async function carriedOut(backend: Backend, work: Work) {
  for (let tries = 0; ; tries++) {
    try {
      await carryOutErasure(work, erasureParts(backend))
      return
    } catch (error) {
      if (!(error instanceof NotYet) || tries > 5) throw error
      await project(backend)
    }
  }
}

/** An approved erasure, carried out to its certificate. */
export async function erase(backend: Backend, subjectRef: SubjectRef) {
  await carriedOut(backend, await approvedErasure(backend, subjectRef))
  await project(backend)
}
