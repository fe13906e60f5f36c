import { createHmac } from 'node:crypto'

/** An address that came in as IPv4 over IPv6 is the IPv4 address. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').toLowerCase()

/**
 * Where a request came from, as it stands in the record of who read what (K21): whoever has the service's key can look for an address that
 * they know, and nobody reads one out of it. It is good for as long as that key is kept, and no longer.
 */
export const sourceAddressOf = (serviceKey: string, address: string): string =>
  createHmac('sha256', serviceKey)
    .update(JSON.stringify(['source-address-v1', plain(address)]))
    .digest('base64url')
