import type { Scope } from '#verifier/bundle-layout'

const inside = { ALL: 'everything', STREAM: 'one stream', RANGE: 'a range of leaves' } as const satisfies Record<Scope['kind'], string>
const withHeaders = { FULL: 'the headers of all of them', SCOPED: 'the headers of what is in scope' } as const satisfies Record<
  Scope['headers'],
  string
>

const forReading =
  '`data/events.jsonl` (CloudEvents 1.0), `data/events.csv` (digests in hexadecimal; the headers have them in base64) and '
  + '`data/fhir-auditevents.ndjson` (FHIR R4) are made from the same payloads for reading; what is proved are the payloads.'

/** What somebody who opens the folder reads first. */
export const readMe = ({ log, size, kind, headers, reference, madeAt }: Scope): string => `# A bundle of the audit ledger ${log}

Made on ${madeAt} for ${reference}: ${inside[kind]}, out of ${size} leaves, with ${withHeaders[headers]}.

Check it with a verifier and a trust policy of your own, that you did not get with this folder:

    node verify.mjs <this folder> --policy trust.policy --old <a checkpoint that you kept>

\`verify.mjs\` beside this file is a copy for convenience. Keep \`data/log/checkpoint\`: the next bundle has to go on from it.

By hand, with what every machine has:

    sha256sum --check --quiet manifest-sha256.txt
    # a leaf's payload: line 2n+1 is the data, line 2n+2 the metadata, of the nth leaf of the tile (from 0)
    sed -n 1p data/payloads/000.lines | tr -d '\\n' | openssl dgst -sha256 -binary | base64

Personal values are sealed in what is here; no key is. ${forReading}
`
