import { sourceAddressOf } from './source-address.js'

test('an address is the same whichever way the network writes it, and another one under another key', () => {
  expect(sourceAddressOf('key', '::ffff:192.0.2.7')).toBe(sourceAddressOf('key', '192.0.2.7'))
  expect(sourceAddressOf('key', '2001:DB8::1')).toBe(sourceAddressOf('key', '2001:db8::1'))
  expect(sourceAddressOf('other', '192.0.2.7')).not.toBe(sourceAddressOf('key', '192.0.2.7'))
  expect(sourceAddressOf('key', '192.0.2.8')).not.toBe(sourceAddressOf('key', '192.0.2.7'))
})
