import { isRaw } from '#verifier/bundle-layout'
import type { LeafHeader } from '#verifier/leaf-header'

/** A leaf with what was stored, where it is in scope and still there. */
export type ExportedEvent = {
  readonly index: number
  readonly header: LeafHeader
  readonly data: string | undefined
  readonly metadata: string | undefined
}

/** What was stored, where it is there and JSON. */
export const jsonIn = ({ data, metadata }: ExportedEvent): { readonly data: string; readonly metadata: string } | undefined =>
  data === undefined || metadata === undefined || isRaw(data) || isRaw(metadata) ? undefined : { data, metadata }

/** An event as CloudEvents 1.0 has it, with its index in the ledger. Personal values are sealed in it, as they were stored. */
export function cloudEvent(event: ExportedEvent): string {
  const { index, header } = event
  const { log, stream, id, type, created, rev, pos } = header
  const context = JSON.stringify({
    specversion: '1.0',
    id,
    source: `//${log}/${stream}`,
    type: `caseledger.${type}`,
    time: created,
    subject: stream,
    ledgerindex: index,
    revision: rev,
    position: pos,
    datacontenttype: 'application/json',
  })
  const json = jsonIn(event)
  return json ? `${context.slice(0, -1)},"data":{"event":${json.data},"metadata":${json.metadata}}}` : context
}

export const csvHeader = 'ledgerindex,stream,revision,eventid,type,recordedat,position,datasha256hex,metadatasha256hex'
/** Digests are hexadecimal here: a spreadsheet would take base64 that begins with a plus for a formula. */
export const csvLine = ({ index, header: { stream, rev, id, type, created, pos, data, meta } }: ExportedEvent) =>
  [String(index), stream, rev, id, type, created, pos, inHex(data.sha256), inHex(meta.sha256)].map(cell).join(',')

const inHex = (digest: string) => Buffer.from(digest, 'base64').toString('hex')

/** A spreadsheet takes a cell that begins with one of these for a formula: a name in the log may, if somebody else wrote it there. */
const cell = (text: string) => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
