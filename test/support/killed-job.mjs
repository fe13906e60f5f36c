/**
 * A piece of work in a process of its own, as it was built, that is killed before its nth step: a write to a socket, or a change to a
 * file. Started by killed.ts.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const { job, killAt, urls, dir, choice, signer, folder, lost } = JSON.parse(process.argv[2])
let left = Infinity
const step = () => {
  if (--left === 0) process.kill(process.pid, 'SIGKILL')
}
const counted = (holder, name) => {
  const original = holder[name]
  holder[name] = function (...args) {
    step()
    return original.apply(this, args)
  }
}
if (job === 'sign' || job === 'export')
  for (const name of ['writeSync', 'writeFileSync', 'fsyncSync', 'closeSync', 'renameSync', 'mkdirSync', 'createWriteStream'])
    counted(fs, name)
else counted(net.Socket.prototype, 'write')
syncBuiltinESMExports()
const built = path => import(`../../dist/${path}.js`)
const begin = () => {
  left = killAt
}

if (job === 'sign') {
  const { Signer } = await built('apps/signer/signer')
  const opened = Signer.open(signer.folder)
  begin()
  const { status } = opened.sign(fs.readFileSync(0, 'utf8'))
  left = Infinity
  if (status !== 200) throw new Error(`it answered ${status}`)
} else {
  const { openBackend } = await built('libs/backend/backend')
  const { dataDir } = await built('libs/hosting/data-dir')
  const { LedgerJournal } = await built('libs/ledger/journal')
  const { machineFacts } = await built('libs/commands/machine-facts')
  const backend = await openBackend(urls, dataDir({ CASELEDGER_DATA_DIR: dir }), choice)
  const { store, folds, codec, clock, sql, ledger } = backend
  const journal = new LedgerJournal(store, folds, codec, clock, signer.origin, { ...machineFacts(), purpose: 'LEGAL_OBLIGATION' })
  await ledger.standing()
  if (job === 'sequence') {
    const { Sequencer } = await built('libs/ledger/postgres/sequencer')
    const whole =
      lost === undefined
        ? store.whole
        : {
            ...store.whole,
            at: position => store.whole.at(position),
            async *follow(options) {
              for await (const item of store.whole.follow(options)) if (item.id !== lost) yield item
            },
          }
    const [head, stop] = [(await store.head()) ?? 0n, new AbortController()]
    const sequencer = new Sequencer(sql, whole, signer.origin, {
      gap: gap => journal.gap(gap),
      sequenced: () => {
        void ledger.standing().then(standing => {
          if (standing.position >= head) stop.abort()
        })
      },
    })
    if (((await ledger.standing())?.position ?? 0n) < head) {
      begin()
      await sequencer.run(stop.signal)
    }
  } else if (job === 'publish') {
    const { Checkpoints } = await built('libs/ledger/postgres/checkpoints')
    const { SignerClient } = await built('libs/ledger/signer-client')
    const { parseVerifierKey } = await built('libs/merkle/note-key')
    begin()
    await new Checkpoints(sql, ledger, new SignerClient(signer.socket), [parseVerifierKey(signer.vkey)]).publish()
  } else {
    const { exportBundle } = await built('libs/ledger/bundle/export-bundle')
    const request = {
      scope: { kind: 'ALL' },
      headers: 'FULL',
      reference: 'SPEC-1',
      verifier: '// a copy\n',
      record: (made, manifestDigest) => journal.exported(made, manifestDigest, 'DPO-1'),
    }
    begin()
    for await (const _ of exportBundle(backend, request, folder, new AbortController().signal));
    console.log(killAt - left)
  }
  left = Infinity
  await backend.close()
}
