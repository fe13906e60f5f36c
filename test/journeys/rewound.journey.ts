import { join } from 'node:path'
import { asDocumented } from '../support/after-a-restore.js'
import { client } from '../support/database.js'
import { Standalone, referral } from '../support/standalone.js'

test('a log restored under a running API: it answers nothing more from memory, stops, and says why; recover mends it', async () => {
  const s = await Standalone.start()
  const sql = client(process.env['DATABASE_URL'] as string, 1)
  try {
    const refer = async (name: string) =>
      (await s.post('back-office', '/referrals', referral({ name }))).body as { readonly subjectRef: string; readonly position: string }
    const wish = (ref: string) => s.post('back-office', `/subjects/${ref}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })
    const [kept, changed] = [await refer('Leopold Kept'), await refer('Winifred Changed')]
    expect((await wish(changed.subjectRef)).status).toBe(200)
    // A ledger that signed what the log then loses has to begin anew: it has signed before anything is lost.
    const { items } = (await s.get('auditor', `/events?stream=person-${changed.subjectRef}&limit=1000`)).body
    const last = (items as readonly { readonly id: string }[]).at(-1)
    await s.until(
      () => s.call('GET', `/ledger/proofs/${String(last?.id)}`, { token: s.token('auditor') }),
      ({ status }) => status === 200,
    )
    await sql`delete from event_store.event where position >= ${changed.position}`
    const ended = s.ended()
    expect((await wish(changed.subjectRef)).body['code']).toBe('EVENT_STORE_REWOUND')
    // Of this one the log holds what the API knows; it does not go on all the same.
    const after = await wish(kept.subjectRef).catch(() => s.nothing)
    expect([0, 503]).toContain(after.status)
    expect(await ended).toBe(1)
    expect(s.said).toMatch(/EVENT_STORE_REWOUND[^]*The (API|worker) stopped for good/)
    const ran = await asDocumented(s, join(s.dir, 'signer-2'))
    expect(ran.map(({ command }) => command)).toEqual([
      ...['recover', 'ledger freeze --origin', 'health', 'keys reconcile', 'replay --check', 'ledger fsck --deep'],
    ])
    expect(ran.filter(({ command, status }) => status !== (command === 'recover' ? 1 : 0))).toEqual([])
    expect((await wish(kept.subjectRef)).status).toBe(200)
  } finally {
    delete process.env['CASELEDGER_SIGNER_DIR']
    await sql.end()
    await s.end()
  }
}, 120_000)
