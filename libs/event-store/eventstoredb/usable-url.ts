import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type EventStoreUrl, parseEventStoreUrl } from './url.js'

/** The URL of the event store is not one that this installation may use. */
export class UnsafeEventStoreUrl extends Error {}

/** @throws MalformedEventStoreUrl; UnsafeEventStoreUrl for one that this installation may not use. Nothing is connected to. */
export function assertUsable(url: string, production: boolean): EventStoreUrl {
  const read = parseEventStoreUrl(url)
  const checksCertificate = read.parameters.get('tlsVerifyCert') !== 'false'
  if (production) {
    if (!read.tls)
      throw new UnsafeEventStoreUrl('In production the connection to EventStoreDB is encrypted: take tls=false out of EVENTSTOREDB_URL')
    if (!checksCertificate)
      throw new UnsafeEventStoreUrl(
        'In production the certificate of EventStoreDB is checked: take tlsVerifyCert=false out of EVENTSTOREDB_URL',
      )
    if (!read.hasCredentials)
      throw new UnsafeEventStoreUrl('In production EventStoreDB asks who writes: put user and password into EVENTSTOREDB_URL')
  }
  // The client checks it all the same, and says so with the whole URL.
  if (!checksCertificate)
    throw new UnsafeEventStoreUrl(
      'The client of EventStoreDB checks certificates always: take tlsVerifyCert=false out of EVENTSTOREDB_URL, '
        + 'and name the certificate of its authority in tlsCAFile',
    )
  for (const name of ['tlsCAFile', 'userCertFile', 'userKeyFile'] as const) {
    const file = read.parameters.get(name)
    if (file !== undefined && !existsSync(resolve(decodeURIComponent(file))))
      throw new UnsafeEventStoreUrl(`${name} in EVENTSTOREDB_URL names no file that is there`)
  }
  return read
}
