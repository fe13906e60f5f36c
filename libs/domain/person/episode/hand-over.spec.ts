import { specFor } from '#decider/spec'
import type { StaffRef } from '#kernel/id'
import { examples } from '../examples.js'
import { subjectRef } from '../invented.js'
import { person } from '../person.js'
import { handOver } from './hand-over.js'

const { given } = specFor(person)
const { WorkerAssigned: assigned, ServiceUseEnded: left } = examples
const open = [examples.ReferralReceived, examples.EligibilityConfirmed, examples.ReferralAccepted, examples.EpisodeOpened] as const

describe('[C37] whoever’s worker works here no more', () => {
  const { WorkerUnassigned: unassigned } = examples
  const other = '00000000-0000-4000-8000-000000000098' as StaffRef
  const handing = (to?: StaffRef) => handOver({ subjectRef, from: assigned.data.workerId, to })
  test('gets whoever takes over, or has none', () => {
    given(...open, assigned)
      .when(handing(other))
      .then({ ...assigned, data: { ...assigned.data, workerId: other } })
    given(...open, assigned)
      .when(handing())
      .then(unassigned)
    expect(given(...open, assigned, unassigned).state.episode).not.toHaveProperty('worker')
  })
  test('keeps another whom they were given meanwhile; and nothing is said of somebody who stopped, or is to be erased', () => {
    const reassigned = { ...assigned, data: { ...assigned.data, workerId: other } }
    for (const past of [[reassigned], [assigned, left], [assigned, examples.ErasureFenced]])
      given(...open, ...past)
        .when(handing())
        .thenNothing()
  })
})
