import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { EventStoreDBClient } from '@eventstore/db-client'
import { StoreUnavailable } from '#event-store/event-store'
import { parseEntry } from '#verifier/leaf-header'
import { eventStoreDbServer, newNamespace } from '../support/eventstoredb.js'
import { type TestSigner, checked, publish, sequence, testSigner } from '../support/ledger.js'
import { world } from '../support/world.js'
import { event } from '../support/tampering.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
const patience = 60_000
if ('none' in server)
  describe('the tamper matrix, by the administrator of a real EventStoreDB', () => {
    test.skip(server.none, () => undefined)
  })
else
  describe('the tamper matrix, by the administrator of a real EventStoreDB', () => {
    const [choice, admin] = [
      { kind: 'eventstoredb' as const, url: server.url, namespace: newNamespace() },
      EventStoreDBClient.connectionString(server.url),
    ]
    const name = (stream: string) => `${choice.namespace}.${stream}`
    let w: Awaited<ReturnType<typeof world>>
    let signer: TestSigner
    beforeAll(async () => {
      ;[w, signer] = [await world(choice), await testSigner()]
    })
    afterAll(async () => {
      await w.end()
      await signer.stop()
      await admin.dispose()
    })

    test('$tb, $maxCount and a tombstone are leaves; what a scavenge then takes is named, event by event', async () => {
      const [truncated, limited, gone] = Array.from({ length: 3 }, () => `tried-${randomUUID()}`) as [string, string, string]
      for (const stream of [truncated, limited, gone]) await w.store.append(stream, 'no_stream', Array.from({ length: 6 }, event))
      // On a server with small chunks they are behind the last one by now, where a scavenge reaches them.
      for (let n = 0; n < 6; n++)
        await w.store.append(
          `tried-${randomUUID()}`,
          'no_stream',
          Array.from({ length: 300 }, () => ({ ...event(), data: { filler: 'x'.repeat(1_000) } })),
        )
      await sequence(w, signer)
      await admin.setStreamMetadata(name(truncated), { truncateBefore: 4 })
      await admin.setStreamMetadata(name(limited), { maxCount: 2 })
      await admin.tombstoneStream(name(gone))
      const hurt = [
        [truncated, 'hide events'],
        [limited, 'hide events'],
        [gone, 'was deleted'],
      ].map(
        ([stream, how]) =>
          expect.objectContaining({ check: 'completeness', stream, what: expect.stringContaining(how!) as unknown }) as unknown,
      )
      // Before the ledger has a word of it, and before anything is gone.
      expect((await checked(w, signer, true)).findings).toEqual(hurt)
      await sequence(w, signer)
      await publish(w, signer)
      for (const deep of [false, true]) expect([deep, (await checked(w, signer, deep)).findings]).toEqual([deep, hurt])
      const { log, size } = (await w.ledger.standing())!
      const leaves = (await w.ledger.leaves(log, 0, size)).map(({ index, entry }) => ({ index, ...parseEntry(entry) }))
      expect(leaves.filter(({ type }) => type.startsWith('$')).map(({ type, stream }) => [type, stream])).toEqual([
        ['$metadata', `$$${truncated}`],
        ['$metadata', `$$${limited}`],
        ['$streamDeleted', gone],
      ])

      await scavenged(server.url)
      const left = new Set<string>()
      const stop = new AbortController()
      for await (const item of w.store.whole.follow({ signal: stop.signal }))
        if ('caughtUp' in item) stop.abort()
        else left.add(item.id)
      const missing = leaves.filter(({ id }) => !left.has(id))
      const report = await checked(w, signer, true)
      expect(report.findings.filter(({ what }) => what.includes('no longer has')).map(({ index }) => index)).toEqual(
        missing.map(({ index }) => index),
      )
      expect([report.verdict, report.count('completeness')]).toEqual(['FAILED', 3])
      const may = (stream: string, from: number, to: number) => Array.from({ length: to - from }, (_, n) => `${stream}@${from + n}`)
      expect([...may(truncated, 0, 4), ...may(limited, 0, 4), ...may(gone, 0, 6)]).toEqual(
        expect.arrayContaining(missing.map(({ stream, rev }) => `${stream}@${rev}`)),
      )
      process.stdout.write(`the scavenge took ${missing.length} of 14 events\n`)
    }, 120_000)

    const [folder, restart] = [process.env['EVENTSTOREDB_FOLDER'], process.env['EVENTSTOREDB_RESTART']]
    if (!folder || !restart)
      test.skip('an event edited in a file of the server: EVENTSTOREDB_FOLDER and EVENTSTOREDB_RESTART are not set', () => undefined)
    else
      test('one letter of one event, edited in the server’s own file and served after its next start, is named', async () => {
        const [stream, words] = [`tried-${randomUUID()}`, Array.from({ length: 3 }, () => `word-${randomUUID()}`)] as const
        const events = words.map(word => ({ ...event(), data: { word } }))
        await w.store.append(stream, 'no_stream', events)
        await sequence(w, signer)
        await publish(w, signer)
        const before = (await checked(w, signer, true)).findings
        expect(before.filter(({ stream: of }) => of === stream)).toEqual([])

        expect(editedInChunks(folder, words[1]!, words[1]!.replace('word', 'work'))).toBe(1)
        expect(spawnSync(restart, { stdio: 'ignore' }).status).toBe(0)
        for (const until = Date.now() + patience; ;) {
          try {
            await w.store.head()
            break
          } catch (error) {
            if (!(error instanceof StoreUnavailable) || Date.now() > until) throw error
          }
        }
        const { index } = (await w.ledger.leafOfEvent((await w.ledger.standing())!.log, events[1]!.id))!
        expect((await checked(w, signer, true)).findings).toEqual([
          ...before,
          {
            check: 'payloads',
            result: 'failed',
            what: expect.stringContaining('other data') as unknown,
            index,
            stream,
            revision: '1',
            eventId: events[1]!.id,
          },
        ])
      }, 120_000)
  })

/** Writes over a word in the files of a server, as its administrator can. Answers how often it stood there. */
function editedInChunks(folder: string, word: string, by: string): number {
  let found = 0
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => /(^|\/)chunk-\d+\.\d+$/.test(name))) {
    const path = join(folder, file)
    for (let bytes = readFileSync(path), at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + 1)) {
      const opened = openSync(path, 'r+')
      writeSync(opened, Buffer.from(by), 0, by.length, at)
      closeSync(opened)
      found++
    }
  }
  return found
}

/** Asks the server to scavenge, as an administrator does, and waits until it has. */
async function scavenged(url: string): Promise<void> {
  const [, credentials, host] = /^esdb:\/\/(?:([^@/]*)@)?([^/?,]+)/.exec(url) ?? []
  const ask = (method: string, path: string) =>
    fetch(`${url.includes('tls=false') ? 'http' : 'https'}://${host ?? ''}/admin/scavenge${path}`, {
      method,
      headers: {
        'content-length': '0',
        accept: 'application/json',
        ...(credentials ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {}),
      },
    })
  expect((await ask('POST', '')).status).toBe(200)
  for (const until = Date.now() + patience; ;) {
    const { scavengeLink } = (await (await ask('GET', '/current')).json()) as { scavengeLink?: string }
    if (scavengeLink === '') return
    if (Date.now() > until) throw new Error('the scavenge does not end')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
