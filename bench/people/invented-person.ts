import { daysAfter, londonDate } from '#calendar/statutory-periods'
import { normalisedNhsNumber } from '#domain/person/intake/nhs-number'
import { Random } from '../../test/support/random.js'

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

/** Ofcom’s numbers for drama: a thousand of each. Few people share one. */
const dramaNumbers = [
  ...['07700 900', '020 7946 0', '0113 496 0', '0114 496 0', '0115 496 0', '0116 496 0', '0117 496 0', '0118 496 0', '0121 496 0'],
  ...['0131 496 0', '0141 496 0', '0151 496 0', '0161 496 0', '0191 498 0', '029 2018 0', '01632 960'],
]

/** The nth whom there is not of those of a seed: telephone numbers of the ranges for drama, NHS numbers of the range for tests. */
export function inventedPerson(seed: number, nth: number, now: string): InventedPerson {
  const random = new Random(seed * 1_000_003 + nth)
  const [first, last] = [random.pick(firstNames), random.pick(lastNames)]
  return {
    name: `${first} ${last}`,
    dateOfBirth: daysAfter(londonDate(now), -(18 * 366 + random.below(40 * 365))),
    phone: `${random.pick(dramaNumbers)}${String(random.below(1_000)).padStart(3, '0')}`,
    address: `${1 + random.below(180)} ${random.pick(streets)}`,
    ...(random.chance(0.8) ? { nhsNumber: testNumber(random) } : {}),
    ...(random.chance(0.4) ? { email: `${first}.${last}@example.invalid`.toLowerCase() } : {}),
  }
}
