import { readFileSync } from 'node:fs'
import { witnessing } from '#hosting/settings'
import { rememberers } from '#hosting/signer-place'
import type { JsonObject } from '#kernel/json'
import { fsck } from '#ledger/postgres/fsck'
import { remembered } from '#ledger/remembered'
import { TrustPolicy } from '#merkle/trust-policy'
import type { Scope } from '#verifier/bundle-layout'
import { certificatesIn } from '#verifier/certificate'
import type { Report, Verdict } from '#verifier/verdict'
import { verifyAt } from '#verifier/verify-bundle'
import { asJson, inWords } from '#verifier/words'
import { command } from './command.js'
import type { Ending } from './exit-codes.js'
import type { Out } from './out.js'
import { signerKeys } from './signer-keys.js'
import { withBackend } from './with-backend.js'

const policyOption = {
  takes: 'file',
  says: 'your trust policy: lines "log <key>", "witness <name> <key>", "quorum <name or none>".',
} as const
/** The words and codes of verify.mjs. */
export const endings: { readonly [V in Verdict]: Ending } = {
  VERIFIED: 'done',
  FAILED: 'found',
  INCOMPLETE: 'failed',
  UNSUPPORTED: 'unreachable',
}

function tell(out: Out, report: Report, scope?: Scope, more: JsonObject = {}) {
  if (out.json) out.say({ ...more, ...asJson(report, scope) }, '')
  else for (const line of inWords(report)) out.say({}, line)
}

export const ledgerFsck = command({
  name: 'ledger fsck',
  group: 'audit',
  summary:
    'Checks the audit ledger against what was signed and, with --deep, against every event in the event store: '
    + 'names exactly what differs. Ends with 1 when something does.',
  options: {
    deep: { says: 'Read the event store, too.' },
    policy: { ...policyOption, says: 'whose keys to believe; the signer’s unless told.' },
  },
  run: ({ deep, policy }, out) =>
    withBackend(async ({ backend, signal }) => {
      const given = policy ?? witnessing().policyFile
      const trusted = given === undefined ? undefined : TrustPolicy.parse(readFileSync(given), given)
      const keys = policy === undefined ? await signerKeys() : (trusted?.logs ?? [])
      const origin = (await backend.ledger.standing())?.origin
      const asked = await remembered({ ...rememberers(), policyFile: given }, origin, 'all', keys)
      const checking = fsck(backend, keys, { deep, signal, remembered: asked, policy: trusted })
      let step = await checking.next()
      for (; !step.done; step = await checking.next())
        out.progress({ what: 'leaves', done: BigInt(step.value.done), of: BigInt(step.value.of) })
      const { notLookedAt } = step.value
      // First: whoever reads no further must not take it for more than it is.
      if (!out.json) out.say({}, `Not looked at: ${notLookedAt.join('; ')}.`)
      tell(out, step.value, undefined, { deep, notLookedAt })
      return step.value.verdict === 'VERIFIED' ? 'done' : 'found'
    }),
})

export const ledgerVerify = command({
  name: 'ledger verify',
  group: 'audit',
  summary: 'Checks a bundle, as verify.mjs does: no database, no network. Ends with 0 VERIFIED, 1 FAILED, 3 INCOMPLETE, 4 UNSUPPORTED.',
  options: {
    bundle: { takes: 'bundle', says: 'a folder or a zip.', required: true },
    policy: { ...policyOption, required: true },
    old: { takes: 'file', says: 'a checkpoint that you kept.' },
    tsa: { takes: 'file', says: 'the certificate of a time-stamping authority that you believe, as PEM.' },
    exported: { takes: 'bundle', says: 'a bundle of a later day: it says whether this one is as it was made.' },
  },
  run: async ({ bundle, policy, old, tsa, exported }, out) => {
    const { report, scope } = await verifyAt(bundle, {
      policy: TrustPolicy.parse(readFileSync(policy), policy),
      old: old === undefined ? [] : [{ name: old, note: readFileSync(old) }],
      authorities: tsa === undefined ? [] : certificatesIn(readFileSync(tsa), tsa),
      exported,
      progress: (what, done, of) => {
        if (of > 0 && done === of) out.progress({ what, done: BigInt(done), of: BigInt(of) })
      },
    })
    tell(out, report, scope)
    return endings[report.verdict]
  },
})
