import { type LedgerOutlook, ledgerOutlook, ledgerRemedy } from '#backend/ledger-after-restore'
import { reconcileKeys } from '#key-keeping/reconcile-keys'
import { type RecoveryStep, recover, whatIsAstray } from '#key-keeping/recover'
import { signedLast, signerPlace } from '#hosting/signer-place'
import { command, dryRunOption } from './command.js'
import type { Out } from './out.js'
import { tellProgress } from './projections.js'
import { withBackend } from './with-backend.js'

function tell(out: Out, step: RecoveryStep) {
  switch (step.step) {
    case 'gate': {
      const { rewound, undead, refenced, reinstated, lost } = step.report
      out.say(
        { step: 'gate', rewound, undead, refenced, reinstated, lost: lost.length },
        [
          rewound
            ? 'The event store is not the one that the vault knew: it was read again from its start.'
            : 'The event store is the one that the vault knew.',
          `Keys that had come back, destroyed again: ${undead}. Fences put back into the log: ${refenced}. Keys lost: ${lost.length}.`,
          ...(reinstated > 0
            ? [`Keys that had been replaced, by what this log does not hold: ${reinstated}. See caseledger keys reconcile.`]
            : []),
        ].join('\n'),
      )
      return
    }
    case 'rebuilding':
      tellProgress(out, step.progress)
      return
    case 'rebuilt':
      out.say(step, `The projection ${step.projection} was rebuilt from the log.`)
      return
    case 'reset':
      out.say(step, `The process ${step.process} begins again from the start of the log.`)
      return
    case 'ledger':
      out.say({ step: 'ledger', ...step.outlook }, ledgerInWords(step.outlook))
  }
}

function ledgerInWords(outlook: LedgerOutlook): string {
  switch (outlook.kind) {
    case 'none':
      return 'There is no audit ledger yet.'
    case 'goes on':
      return outlook.again > 0
        ? `The audit ledger ${outlook.origin} goes on, once ${outlook.again} leaves that were signed are sequenced again.`
        : `The audit ledger ${outlook.origin} goes on.`
    case 'ends':
      return ledgerRemedy(outlook, signerPlace().folder)
  }
}

/** Somebody has to decide about a newer back-up or a breach of availability where keys are lost. */
export const recoverAfterRestore = command({
  name: 'recover',
  group: 'installation',
  summary:
    'After a restore, with the service stopped: applies every erasure, puts lost fences back, and begins again what stands '
    + 'where the log does not bear it out, and says whether the audit ledger can go on. '
    + 'Ends with 1 when keys are lost, or the ledger cannot.',
  options: { 'dry-run': dryRunOption, 'older-log': { says: 'The log is a copy from before it named its vault: it names it again.' } },
  run: ({ 'dry-run': dryRun, 'older-log': olderLog }, out) =>
    withBackend(
      async ({ backend, signal }) => {
        if (dryRun) {
          const [astray, keys] = [await whatIsAstray(backend), await reconcileKeys(backend)]
          const outlook = await ledgerOutlook(backend, signedLast())
          const names = [...astray.projections.map(({ name }) => name), ...astray.processes.map(name => `process ${name}`)]
          out.say(
            {
              dryRun: true,
              undead: keys.undead.length,
              fencesMissing: keys.fencesLost.length,
              lost: keys.lost.length,
              astray: names,
              ledger: outlook.kind,
            },
            `It would destroy ${keys.undead.length} keys that have come back, put back the fences of ${keys.fencesLost.length} keys, `
              + `and begin again: ${names.join(', ') || 'nothing'}. Keys lost: ${keys.lost.length}.\n${ledgerInWords(outlook)}`,
          )
          return keys.lost.length > 0 || outlook.kind === 'ends' ? 'found' : 'done'
        }
        let ended = false
        for await (const step of recover(backend, signedLast(), signal)) {
          tell(out, step)
          ended ||= step.step === 'ledger' && step.outlook.kind === 'ends'
        }
        const { live, erased, lost, orphans } = await reconcileKeys(backend)
        out.say(
          { live, erased, lost: lost.length, orphans: orphans.length },
          `Keys now: ${live} live, ${erased} erased, ${lost.length} lost, ${orphans.length} orphans.`,
        )
        return lost.length > 0 || ended ? 'found' : 'done'
      },
      { log: dryRun ? (olderLog ? 'unchecked' : 'look') : olderLog ? 'older' : 'own' },
    ),
})
