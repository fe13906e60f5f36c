import { daysAfter, londonDate } from '#calendar/statutory-periods'
import { normalisedNhsNumber } from '#domain/person/intake/nhs-number'
import type { Random } from '../../test/support/random.js'

const firstNames = [
  ...['Marigold', 'Percival', 'Odalys', 'Fabian', 'Rosalind', 'Ottoline', 'Barnaby', 'Clementine', 'Thaddeus', 'Winifred'],
  ...['Amara', 'Bartosz', 'Chidi', 'Dilys', 'Eamon', 'Farida', 'Gwendal', 'Hyacinth', 'Idris', 'Jadwiga'],
  ...['Kofi', 'Leocadia', 'Mirela', 'Nikhil', 'Oluwaseun', 'Parveen', 'Quentin', 'Rhiannon', 'Siobhan', 'Tomasz'],
]
const lastNames = [
  ...['Penhaligon', 'Threlkeld', 'Brandt', 'Dewhurst', 'Okonjo-Bright', 'Fairweather', 'Nettlecombe', 'Arkwright', 'Bickerstaffe'],
  ...['Cholmondeley', 'Drinkwater', 'Entwistle', 'Featherstone', 'Gathercole', 'Hollingworth', 'Illingworth', 'Jellicoe', 'Kettlewell'],
  ...['Lightfoot', 'Micklethwait', 'Netherwood', 'Ollerenshaw', 'Postlethwaite', 'Ravensdale', 'Satterthwaite', 'Thistlethwaite'],
  ...['Umpleby', 'Vavasour', 'Wigglesworth', 'Yarborough'],
]
const streets = ['Sea Road', 'Fowler Street', 'Durham Road', 'Coatsworth Road', 'Ocean View', 'Westoe Lane', 'Saltwell Place']

/** What an NHS number’s last digit has to be; 10, where there is none. */
const checkDigit = (nine: string) => (11 - ([...nine].reduce((sum, digit, n) => sum + Number(digit) * (10 - n), 0) % 11)) % 11

/** A number that checks, of the range that is given to nobody. */
function testNumber(random: Random): string {
  for (;;) {
    const nine = `999${String(random.below(1_000_000)).padStart(6, '0')}`
    const last = checkDigit(nine)
    if (last < 10) return normalisedNhsNumber(`${nine}${last}`)
  }
}

export type InventedPerson = {
  readonly name: string
  readonly dateOfBirth: string
  readonly nhsNumber?: string
  readonly phone: string
  readonly email?: string
  readonly address: string
}

/** Somebody whom there is not: telephone numbers of the range for drama, NHS numbers of the range for tests. */
export function inventedPerson(random: Random, now: string): InventedPerson {
  const [first, last] = [random.pick(firstNames), random.pick(lastNames)]
  return {
    name: `${first} ${last}`,
    dateOfBirth: daysAfter(londonDate(now), -(18 * 366 + random.below(40 * 365))),
    phone: `07700 900${String(random.below(1_000)).padStart(3, '0')}`,
    address: `${1 + random.below(180)} ${random.pick(streets)}`,
    ...(random.chance(0.8) ? { nhsNumber: testNumber(random) } : {}),
    ...(random.chance(0.4) ? { email: `${first}.${last}@example.invalid`.toLowerCase() } : {}),
  }
}
