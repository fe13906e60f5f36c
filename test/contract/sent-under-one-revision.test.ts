import { Commands } from '#commands/commands'
import { NotYet } from '#processes/work'
import { openDoors } from '../support/doors.js'
import { instead } from '../support/instead.js'
import { agreed, dispatched, ledgerOf, shared } from '../support/sharing.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const typesOf = async (to: string) => (await doors.history(`person-${to.slice(9)}`)).map(({ type }) => type)
const withdraw = (to: string) => doors.tell('back-office', `${to}/consents/withdraw`, { all: true, channel: 'PHONE' })
async function approveErasure(to: string) {
  const asked = { channel: 'PHONE', receivedAt: new Date().toISOString(), grounds: 'OBJECTION', words: 'please' }
  const { body } = await doors.tell('ips-worker', `${to}/erasure-requests`, asked)
  return doors.tell('dpo', `${to}/erasure-requests/${String(body['requestId'])}/decision`, {
    decision: 'APPROVED',
    consequenceExplainedAt: new Date().toISOString(),
  })
}
/** Does it once, the first time that it is called. */
const once = (work: () => Promise<unknown>) => {
  let done: Promise<unknown> | undefined
  return () => (done ??= work())
}
/** Somebody stands between what was looked at and the append. */
function beforeTheAppend(work: () => Promise<unknown>) {
  const { store, codec, folds, clock } = doors.w
  const first = once(work)
  const standing = instead(store, {
    append: async (...asked: Parameters<typeof store.append>) => {
      await first()
      return store.append(...asked)
    },
  })
  return new Commands(standing, codec, folds, clock)
}

describe('what comes between the look and the sending', () => {
  test.each([
    ['[C32] a withdrawal', withdraw],
    ['[C17] the approval of an erasure', approveErasure],
  ] as const)('%s: it is decided again, and nothing leaves', async (_, comes) => {
    const to = await agreed(doors)
    const disclosureId = await shared(doors, to)
    const commands = beforeTheAppend(() => comes(to))
    await expect(dispatched(doors, to, disclosureId, undefined, { commands })).rejects.toThrow(NotYet)
    expect(await dispatched(doors, to, disclosureId)).toEqual([])
    expect(await typesOf(to)).not.toContain('DisclosureDispatched')
    expect(await ledgerOf(doors, to)).toMatchObject([{ state: 'CANCELLED' }])
  })
  test('[C17] an erasure that is to be approved while it is handed over waits until it is known what became of it', async () => {
    const to = await agreed(doors)
    const disclosureId = await shared(doors, to)
    let refused: Awaited<ReturnType<typeof approveErasure>> | undefined
    await dispatched(doors, to, disclosureId, async () => {
      refused = await approveErasure(to)
    })
    expect(refused).toMatchObject({ status: 409, body: { code: 'DISCLOSURE_BEING_SENT' } })
    expect(await approveErasure(to)).toMatchObject({ status: 200 })
    expect((await typesOf(to)).filter(type => type === 'DisclosureDispatched' || type === 'ErasureApproved')).toEqual([
      'DisclosureDispatched',
      'ErasureApproved',
    ])
  })
  test('[C32] a withdrawal while it is handed over is heard, and what left after it is for review', async () => {
    const to = await agreed(doors)
    const disclosureId = await shared(doors, to)
    await dispatched(doors, to, disclosureId, async () => {
      expect((await withdraw(to)).status).toBe(200)
    })
    expect(await ledgerOf(doors, to)).toMatchObject([{ state: 'SENT', transport: 'SPEC', reviewItems: ['CONSENT_WITHDRAWN'] }])
  })
  test('what cannot be sent waits, looks again and is tried again; the ledger says that it failed', async () => {
    const to = await agreed(doors)
    const disclosureId = await shared(doors, to)
    const down = () => Promise.reject(new Error('the transport is down'))
    await expect(dispatched(doors, to, disclosureId, down)).rejects.toThrow('the transport is down')
    expect(await ledgerOf(doors, to)).toMatchObject([{ state: 'FAILED' }])
    await expect(dispatched(doors, to, disclosureId)).rejects.toThrow(NotYet)
    const late = Date.now() + 2_000
    while (Date.now() < late) await new Promise(resolve => setTimeout(resolve, 50))
    expect(await dispatched(doors, to, disclosureId)).toEqual([disclosureId])
    expect(await ledgerOf(doors, to)).toMatchObject([{ state: 'SENT' }])
    expect((await typesOf(to)).slice(-4)).toEqual([
      'DisclosureReleased',
      'DisclosureDispatchFailed',
      'DisclosureReleased',
      'DisclosureDispatched',
    ])
  })
  test('a worker that died with it in hand hands it over again, unless its ground is gone: then nobody knows, and it says so', async () => {
    const to = await agreed(doors)
    const [first, second] = [await shared(doors, to), await shared(doors, to)]
    const dies = instead(doors.w.commands, {
      execute: (order: Parameters<typeof doors.w.commands.execute>[0]) => {
        if (order.facts.command.includes('dispatched')) throw new Error('killed')
        return doors.w.commands.execute(order)
      },
    })
    for (const one of [first, second]) await expect(dispatched(doors, to, one, undefined, { commands: dies })).rejects.toThrow('killed')
    expect(await dispatched(doors, to, first)).toEqual([first])
    await withdraw(to)
    expect(await dispatched(doors, to, second)).toEqual([])
    expect((await ledgerOf(doors, to)).find(one => one['disclosureId'] === second)).toMatchObject({
      state: 'CANCELLED',
      cancelledRules: ['CONSENT_WITHDRAWN', 'HAND_OVER_UNKNOWN'],
    })
  })
})
