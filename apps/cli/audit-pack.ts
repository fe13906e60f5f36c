import { readFileSync } from 'node:fs'
import { auditOf, packParts } from '#audit-papers/audit-pack'
import { exportBundle } from '#ledger/bundle/export-bundle'
import type { Scope } from '#verifier/bundle-layout'
import { policyFor } from './bundle-history.js'
import { command } from './command.js'
import { journalOf, verifierFile } from './ledger-export.js'
import { withBackend } from './with-backend.js'

export const auditPack = command({
  name: 'audit pack',
  group: 'audit',
  summary:
    'Writes one signed pack of an audit: the audit with its samples and findings, a sheet for each leaf that was drawn, and proofs. '
    + 'Its manifest is in the ledger, so that the signer vouches for every file. The words of findings stay sealed.',
  options: {
    audit: { takes: 'id', says: 'the audit’s id, a UUID.', matches: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, required: true },
    out: { takes: 'path', says: 'a folder that is not there yet; or, where it ends in .zip, a zip.', required: true },
    policy: {
      takes: 'file',
      says: 'the trust policy whose witnesses are waited for. The installation’s own, or its signer’s keys, unless told.',
    },
  },
  run: ({ audit, out: place, policy }, out) =>
    withBackend(async ({ backend, signal }) => {
      const mandate = await auditOf(backend, audit.toLowerCase())
      if (!mandate) {
        out.complain('found', 'There is no audit with this id.')
        return 'found'
      }
      const request = {
        scope: { kind: 'STREAM', stream: `audit-${mandate.auditId}` } as const,
        headers: 'SCOPED' as const,
        reference: mandate.reference,
        verifier: readFileSync(verifierFile, 'utf8'),
        record: async (made: Scope, manifestDigest: string) => {
          await journalOf(backend, made.log).exported(made, manifestDigest, undefined)
        },
        ...packParts(backend, mandate, await policyFor(policy), signal),
      }
      for await (const { done, of } of exportBundle(backend, request, place, signal))
        out.progress({ what: 'leaves', done: BigInt(done), of: BigInt(of) })
      out.say({ wrote: place }, `Wrote ${place}. Check it: node verify.mjs ${place} --policy <your trust policy>`)
      return 'done'
    }),
})
