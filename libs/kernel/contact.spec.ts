import { isEmailAddress, isTelephoneNumber } from './contact.js'

test.each(['marigold@example.org', "o'brien+ips@mail.example.org", 'jörg@exämple.test', 'a@b.example'])('%s is an address', text => {
  expect(isEmailAddress(text)).toBe(true)
})
test.each(['PlantWord', 'a@b', '@example.org', 'a@', 'a b@example.org', 'a@-b.example', 'a@b..example', 'a@b@example.org '])(
  '%s is none',
  text => {
    expect(isEmailAddress(text)).toBe(false)
  },
)
test.each(['07700 900471', '+44 (0)7700 900471', '0191-498-0000', '0191 498 0000 ext 12', '+1.202.555.0143x7', '00447700900471'])(
  '%s is a telephone number',
  text => {
    expect(isTelephoneNumber(text)).toBe(true)
  },
)
test.each(['PlantWord', '1', '999', '123456', '1234567890123456', '07700 900471 (her mother)', '٠٧٧٠٠٩٠٠٤٧١', '()', '+'])(
  '%s is none',
  text => {
    expect(isTelephoneNumber(text)).toBe(false)
  },
)
