import { isRaw } from './bundle-layout.js'
import type { LeafHeader } from './leaf-header.js'

/** A leaf with what was stored, where it is in scope and still there: the lines of the bundle. */
export type ExportedEvent = {
  readonly index: number
  readonly header: LeafHeader
  readonly data: string | undefined
  readonly metadata: string | undefined
}

/** What was stored, where it is there and JSON. */
export const jsonIn = ({ data, metadata }: ExportedEvent): { readonly data: string; readonly metadata: string } | undefined =>
  data === undefined || metadata === undefined || isRaw(data) || isRaw(metadata) ? undefined : { data, metadata }

/** What an event as CloudEvents 1.0 has it says of its leaf, as an object that is still open: the index in the ledger, too. */
export const eventContext = (index: number, { log, stream, id, type, created, rev, pos }: LeafHeader) =>
  `{"specversion":"1.0","id":"${id}","source":"//${inJson(log)}/${inJson(stream)}","type":"caseledger.${inJson(type)}",`
  + `"time":"${created}","subject":"${inJson(stream)}","ledgerindex":${index},"revision":"${rev}","position":"${pos}",`
  + `"datacontenttype":"application/json"`
/** Within quotes. */
const inJson = (text: string) => (isPlain.test(text) ? text : JSON.stringify(text).slice(1, -1))
/** Nearly all names are: nothing has to be escaped, in JSON or in a table. */
const isPlain = /^[A-Za-z][A-Za-z0-9./-]*$/
/** Around what was stored, where it is JSON. */
export const [beforeData, beforeMetadata, afterMetadata] = [',"data":{"event":', ',"metadata":', '}}']

/** An event as CloudEvents 1.0 has it. Personal values are sealed in it, as they were stored. */
export function cloudEvent(event: ExportedEvent): string {
  const json = jsonIn(event)
  return (
    eventContext(event.index, event.header) + (json ? `${beforeData}${json.data}${beforeMetadata}${json.metadata}${afterMetadata}` : '}')
  )
}

export const csvHeader = 'ledgerindex,stream,revision,eventid,type,recordedat,position,datasha256hex,metadatasha256hex'
/** Digests are hexadecimal here: a spreadsheet would take base64 that begins with a plus for a formula. */
export const csvLine = (index: number, { stream, rev, id, type, created, pos, data, meta }: LeafHeader) =>
  `${index},${cell(stream)},${rev},${id},${cell(type)},${created},${pos},${inHex(data.sha256, meta.sha256)}`

/** Both at once, in a place that is used again and again: a buffer for each takes longer than both ways. */
function inHex(data: string, metadata: string): string {
  digests.write(data, 0, 'base64')
  digests.write(metadata, 32, 'base64')
  const hex = digests.toString('hex')
  return `${hex.slice(0, 64)},${hex.slice(64)}`
}
const digests = Buffer.alloc(64)

/** A spreadsheet takes a cell that begins with one of these for a formula: a name in the log may, if somebody else wrote it there. */
const cell = (text: string) => {
  if (isPlain.test(text)) return text
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
