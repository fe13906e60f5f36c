import { randomUUID } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LoggedEvent } from '#event-store/event-store'
import { erasureReport, isBorneOut, reportAsPage, reportInWords } from '#audit-papers/erasure-report'
import { checkpointText } from '#merkle/checkpoint'
import { checkTlogProof, parseTlogProof } from '#merkle/tlog-proof'
import { TreeEdge } from '#merkle/tree-edge'
import { leafHash } from '#merkle/tree-hash'
import type { Report } from '#verifier/verdict'
import { client } from '../support/database.js'
import { eventStoreDbServer } from '../support/eventstoredb.js'
import { bundleOf, checked, publish, sequence, verified } from '../support/ledger.js'
import { erase, refer } from '../support/people.js'
import { project } from '../support/world.js'
import { type Tampered, event, storesWith, toTamperWith } from '../support/tampering.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
if ('none' in server)
  describe('the tamper matrix [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })

describe.each(storesWith(server))('the tamper matrix [$kind]', choice => {
  let bundle: Tampered['bundle']
  let events: Tampered['events']
  let index: Tampered['index']
  let place: Tampered['place']
  let signer: Tampered['signer']
  let stream: Tampered['stream']
  let w: Tampered['w']
  let end: Tampered['end']
  beforeAll(async () => {
    ;({ bundle, events, index, place, signer, stream, w, end } = await toTamperWith(choice))
  })
  afterAll(async () => {
    await end()
  })

  test('what nobody touched is verified, by fsck and by the bundle', async () => {
    await sequence(w, signer)
    for (const report of [await checked(w, signer, false), await checked(w, signer, true), await verified(bundle, signer.policyText)])
      expect([report.verdict, report.findings]).toEqual(['VERIFIED', []])
    const [shallow, whole] = [await checked(w, signer, false), await verified(bundle, signer.policyText)]
    expect([shallow.resultOf('payloads'), shallow.resultOf('witnesses'), whole.resultOf('payloads'), whole.resultOf('witnesses')]).toEqual([
      'not checked',
      'not checked',
      'ok',
      'ok',
    ])
  })

  describe('in the event store, seen by fsck --deep', () => {
    /** What is left of the log when somebody has been at it. */
    const deep = (tamper: (log: readonly LoggedEvent[]) => readonly LoggedEvent[]) =>
      checked(
        {
          ...w,
          store: {
            whole: {
              ...w.store.whole,
              follow: async function* (options: Parameters<typeof w.store.whole.follow>[0]) {
                const log: LoggedEvent[] = []
                for await (const item of w.store.whole.follow(options)) {
                  if ('caughtUp' in item) break
                  log.push(item)
                }
                yield* tamper(log)
                yield { caughtUp: true } as const
              },
            },
          } as unknown as typeof w.store,
        },
        signer,
        true,
      )
    const of = (n: number) => (one: LoggedEvent) => one.id === events[n]!.id
    const replaced = (n: number, by: Partial<LoggedEvent>) => (log: readonly LoggedEvent[]) =>
      log.map(one => (of(n)(one) ? { ...one, ...by } : one))
    const at = (log: readonly LoggedEvent[], n: number) => log.find(of(n))!

    test.each([
      ['an edit', replaced(2, { data: { json: { n: 2 } } }), [2], 'other data'],
      ['an edit of metadata', replaced(2, { metadata: { json: { by: 'x' } } }), [2], 'other metadata'],
      ['a redaction to 0xFF', replaced(2, { data: { bytes: Buffer.from([0xff, 0xff]) } }), [2], 'other data'],
      ['a redaction to nothing', replaced(2, { data: { bytes: Buffer.alloc(0) } }), [2], 'other data'],
      ['another type', replaced(2, { type: 'Trusted' }), [2], 'other type'],
      ['another time', replaced(2, { recordedAt: '2020-01-01T00:00:00.000Z' }), [2], 'other time'],
      ['another id', replaced(2, { id: randomUUID() }), [2], 'other id'],
      ['a deletion', (log: readonly LoggedEvent[]) => log.filter(one => !of(2)(one)), [2], 'no longer has'],
      ['two neighbours deleted', (log: readonly LoggedEvent[]) => log.filter(one => !of(2)(one) && !of(3)(one)), [2, 3], 'no longer has'],
      [
        'two swapped',
        (log: readonly LoggedEvent[]) => {
          const [a, b] = [at(log, 2), at(log, 3)]
          return log.map(one =>
            one === a
              ? { ...b, position: a.position, revision: a.revision }
              : one === b
                ? { ...a, position: b.position, revision: b.revision }
                : one,
          )
        },
        [2, 3],
        'other id',
      ],
      [
        'a stream that is gone, as after a tombstone or $maxCount and a scavenge',
        (log: readonly LoggedEvent[]) => log.filter(one => one.stream !== stream),
        [0, 1, 2, 3, 4, 5],
        'no longer has',
      ],
      [
        'a stream truncated by $tb',
        (log: readonly LoggedEvent[]) => log.filter(one => one.stream !== stream || one.revision >= 4n),
        [0, 1, 2, 3],
        'no longer has',
      ],
    ] as const)('%s is caught, and the record named', async (_, tamper, which, what) => {
      const report = await deep(tamper)
      expect(report.verdict).toBe('FAILED')
      expect(report.findings).toEqual(
        which.map(n => ({ check: 'payloads', result: 'failed', what: expect.stringContaining(what) as unknown, ...place(n) })),
      )
    })
    if (choice.kind === 'postgres')
      test.each([
        ['a letter', '{"n":2}'],
        ['a space', '{"n": 1}'],
        ['a line', '{"n":\n1}'],
        ['what is no JSON', '{"n":'],
      ])('a row that an administrator edited is caught, and named: %s', async (_, data) => {
        const sql = client(w.database.admin, 1)
        const edited = (to: string) =>
          sql.begin(async tx => {
            await tx`set local session_replication_role = replica`
            await tx`update event_store.event set data = ${to} where id = ${events[2]!.id}`
          })
        try {
          await edited(data)
          expect(
            (await w.store.whole.at((await w.ledger.leafOfEvent((await w.ledger.standing())!.log, events[2]!.id))!.position))?.id,
          ).toBe(events[2]!.id)
          const report = await checked(w, signer, true)
          expect([report.verdict, report.findings]).toEqual([
            'FAILED',
            [{ check: 'payloads', result: 'failed', what: expect.stringContaining('other data') as unknown, ...place(2) }],
          ])
          const exported = await verified(await bundleOf(w, signer, { kind: 'ALL' }), signer.policyText)
          expect([exported.verdict, exported.findings]).toEqual([
            'FAILED',
            [expect.objectContaining({ check: 'payloads', result: 'failed', ...place(2) })],
          ])
        } finally {
          await edited('{"n":1}')
          await sql.end()
        }
        await sequence(w, signer)
        expect((await checked(w, signer, true)).verdict).toBe('VERIFIED')
      })
    test('an event that was put between others is named, and so is one that is there twice', async () => {
      const forged = {
        ...event(),
        stream,
        revision: 9n,
        recordedAt: '2026-01-01T00:00:00.000Z',
        data: { json: {} },
        metadata: { json: {} },
      }
      const report = await deep(log =>
        log.flatMap(one => (of(2)(one) ? [{ ...forged, position: one.position - (choice.kind === 'postgres' ? 0n : 1n) }, one] : [one])),
      )
      expect(report.verdict).toBe('FAILED')
      expect(report.findings.some(({ eventId }) => eventId === forged.id || eventId === events[2]!.id)).toBe(true)
      expect((await deep(log => log.flatMap(one => (of(2)(one) ? [one, one] : [one])))).findings).toEqual([
        expect.objectContaining({ check: 'completeness', eventId: events[2]!.id }),
      ])
    })
    test.each([1, 2, 'all'] as const)('the end cut off: %s', async count => {
      const { size } = (await w.ledger.standing())!
      const report = await deep(log => (count === 'all' ? [] : log.slice(0, -count)))
      expect(report.verdict).toBe('FAILED')
      expect(report.count('payloads')).toBe(count === 'all' ? size : count)
      if (count !== 'all')
        expect(report.findings.map(finding => finding.index)).toEqual(Array.from({ length: count }, (_, n) => size - count + n))
    })
  })

  describe('in the database of the ledger, seen by fsck', () => {
    /** What an administrator can do, undone afterwards. */
    async function tampered(statement: string, parameters: readonly (string | number | Buffer)[] = []): Promise<Report> {
      const sql = client(w.database.admin, 1)
      const undo = new Error('undo')
      let report: Report | undefined
      try {
        await sql.begin(async tx => {
          await tx`set local session_replication_role = replica`
          await tx.unsafe(statement, parameters as never[])
          report = await checked({ ...w, ledger: new (w.ledger.constructor as new (sql: unknown) => typeof w.ledger)(tx) }, signer, false)
          throw undo
        })
      } catch (error) {
        if (error !== undo) throw error
      } finally {
        await sql.end()
      }
      return report!
    }
    const entry = async (n: number) => (await w.ledger.leaves((await w.ledger.standing())!.log, index(n), 1))[0]!.entry

    test('an entry that was changed, without and with its hash', async () => {
      const forged = Buffer.from((await entry(2)).toString('utf8').replace('"Tried"', '"Tryed"'))
      expect((await tampered('update ledger.leaf set entry = $1 where idx = $2', [forged, index(2)])).findings).toContainEqual({
        check: 'tree',
        result: 'failed',
        what: expect.stringContaining('no longer has the hash') as unknown,
        ...place(2),
      })
      const { findings } = await tampered('update ledger.leaf set entry = $1, leaf_hash = $3 where idx = $2', [
        forged,
        index(2),
        Buffer.from(leafHash(forged)),
      ])
      expect(findings).toContainEqual(expect.objectContaining({ check: 'headers', ...place(3) }))
      expect(findings).toContainEqual(
        expect.objectContaining({ check: 'consistency', what: expect.stringContaining('another root was signed') as unknown }),
      )
      expect(findings).toContainEqual(
        expect.objectContaining({ check: 'tree', what: expect.stringContaining(`from leaf ${index(2)} on`) as unknown }),
      )
    })
    test('a leaf that was deleted, and the end cut off', async () => {
      expect((await tampered('delete from ledger.leaf where idx = $1', [index(2)])).findings).toContainEqual(
        expect.objectContaining({ check: 'completeness', index: index(2) }),
      )
      const { size } = (await w.ledger.standing())!
      const cut = await tampered(`with cut as (delete from ledger.leaf where idx >= $1) update ledger.log set size = $1`, [size - 250])
      expect(cut.findings).toContainEqual(
        expect.objectContaining({ check: 'consistency', what: expect.stringContaining('end was cut off') as unknown }),
      )
    })
    test('a tile, a checkpoint, or the columns beside an entry', async () => {
      expect((await tampered(`update ledger.tile set hashes = overlay(hashes placing '\\xff'::bytea from 65)`)).findings).toContainEqual(
        expect.objectContaining({
          check: 'tree',
          what: expect.stringContaining('The tile 0/0 is not that of its leaves, from leaf 2 on') as unknown,
        }),
      )
      expect((await tampered('delete from ledger.tile')).findings).toContainEqual(
        expect.objectContaining({ check: 'tree', what: 'The tile 0/0 is gone' }),
      )
      expect((await tampered(`update ledger.checkpoint set note = replace(note, 'ledger.example/1', 'ledger.example/2')`)).verdict).toBe(
        'FAILED',
      )
      expect((await tampered('update ledger.leaf set position = 999999999999 where idx = $1', [index(2)])).findings).toContainEqual(
        expect.objectContaining({ check: 'headers', ...place(2) }),
      )
    })
    test('a ledger that was rewritten as a whole gets no signature', async () => {
      const leaves = await w.ledger.leaves((await w.ledger.standing())!.log, 0, 10_000)
      const edge = new TreeEdge()
      for (const { entry: bytes } of leaves) edge.append(leafHash(Buffer.from(bytes.toString('utf8').replace('"Tried"', '"Tryed"'))))
      const { checkpoint: last } = signer.policy.open((await w.ledger.checkpoint((await w.ledger.standing())!.log))!.note)
      const asked = await signer.client.sign({
        old: last.size,
        proof: edge.size === last.size ? [] : [leafHash(Buffer.from('x'))],
        checkpoint: checkpointText({ origin: signer.origin, size: edge.size, root: edge.root() }),
      })
      expect(asked).toMatchObject({ kind: 'refused' })
      expect(signer.alarms.length).toBeGreaterThan(0)
    })
  })

  test('a person erased between two bundles: both are verified, the new one goes on from the old one, not a leaf changed', async () => {
    const subject = await refer(w)
    await sequence(w, signer)
    await publish(w, signer)
    const before = await bundleOf(w, signer, { kind: 'STREAM', stream: `person-${subject}` }, 'SCOPED')
    await project(w)
    await erase(w, subject)
    await sequence(w, signer)
    await publish(w, signer)
    const shown = (await erasureReport(w, subject))!
    expect([
      isBorneOut(shown),
      shown.history?.consistent,
      shown.keysFound,
      shown.ciphertextsTried > 1,
      shown.ciphertextsOpened,
      shown.sealed.length > 1,
      shown.destroyed.length > 1,
    ]).toEqual([true, true, 0, true, 0, true, true])
    for (const { proof } of shown.destroyed)
      expect(checkTlogProof(parseTlogProof(proof!), leafHash(parseTlogProof(proof!).extra!), signer.policy).included).toBe(true)
    expect([reportInWords(shown).at(-1), reportAsPage(shown).includes('Perpetua')]).toEqual([
      'Everything that can be shown was found so.',
      false,
    ])
    const edited = {
      ...w,
      store: new Proxy(w.store, {
        get: (store, name) =>
          name === 'readStream'
            ? async function* (stream: string) {
                for await (const one of store.readStream(stream))
                  yield one.type === 'ReferralReceived'
                    ? { ...one, data: { ...one.data, source: one.data['source'] === 'SELF' ? 'STARS' : 'SELF' } }
                    : one
              }
            : (store[name as 'at'] as (...given: unknown[]) => unknown).bind(store),
      }),
    }
    expect(isBorneOut((await erasureReport(edited, subject))!)).toBe(false)
    expect(await erasureReport(w, randomUUID())).toBeUndefined()
    const after = await bundleOf(w, signer, { kind: 'STREAM', stream: `person-${subject}` }, 'SCOPED')
    const old = readFileSync(join(before, 'data/log/checkpoint'), 'utf8')
    for (const report of [await verified(before, signer.policyText), await verified(after, signer.policyText, [old])])
      expect([report.verdict, report.findings]).toEqual(['VERIFIED', []])
    const erasure = (await verified(after, signer.policyText, [old])).remarks
      .filter(({ check }) => check === 'erasure')
      .map(({ what }) => what)
    expect(erasure.filter(what => what.includes('was destroyed at')).length).toBeGreaterThanOrEqual(2)
    const was = (folder: string) =>
      readFileSync(join(folder, 'data/payloads', readdirSync(join(folder, 'data/payloads')).sort().at(0)!), 'utf8').split('\n')
    expect(was(after).slice(0, 100)).toEqual(was(before).slice(0, 100))
  }, 120_000)
})
