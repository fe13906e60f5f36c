import { z } from 'zod'
import { code, count, group, notPersonal } from '#event-kit/field'
import { londonDate } from '#calendar/statutory-periods'

/** What the law is written in: an Act, a statutory instrument, a rule of court or of a regulator, an order that is none of these. */
export const instruments = ['ACT', 'SI', 'RULE', 'ORDER'] as const
export type Citation = {
  readonly instrument: (typeof instruments)[number]
  readonly title: string
  readonly year: number
  readonly provision: string
}
/** As long as both may be for the whole of a citation to stand in an event’s metadata. */
export const longestTitle = 75
export const longestProvision = 39

const titleForm = /^[A-Za-z][A-Za-z0-9 .,'’()&/–-]*$/
const provisionForm = /^[A-Za-z0-9][A-Za-z0-9 .,()–-]*$/
/** Both stand in the clear (ADR-0004): each of the form that the check below lets pass. */
export const citationField = () =>
  group({
    instrument: code(...instruments),
    title: notPersonal(z.string().max(longestTitle).regex(titleForm), 'ADR-4'),
    year: count(),
    provision: notPersonal(z.string().max(longestProvision).regex(provisionForm), 'ADR-4'),
  })

/** ADR-0004: runs of digits and postcodes have no place in a citation. */
const looksPersonal = (text: string) => /\d[\d ]{5,}|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/i.test(text)

/** Words that say what kind of law it is, and not which. */
const kindsOfLaw = new Set(
  `act acts section sections law laws legislation statute statutes rule rules order orders regulation regulations article articles
  paragraph paragraphs schedule schedules instrument code provision duty the and for our this that any`.split(/\s+/),
)
const namesWhich = (title: string) =>
  title
    .toLowerCase()
    .split(/[^a-z]+/)
    .some(word => word.length >= 3 && !kindsOfLaw.has(word))

const unit = '(?:ss?|sections?|arts?|articles?|paras?|paragraphs?|r|rules?|regs?|regulations?|schs?|schedules?)'
const number = String.raw`\d{1,4}[a-z]{0,3}(?:\([0-9a-z]{1,5}\))*`
const isUnit = (word: string) => new RegExp(`^${unit}\\.?$`, 'i').test(word)
const isNumber = (word: string) => new RegExp(`^${number}$`, 'i').test(word)
const isUnitWithNumber = (word: string) => new RegExp(`^${unit}\\.?${number}$`, 'i').test(word)
const joins = (word: string) => /^(and|or|to|of|the|–|-|parts?)$/i.test(word)
/** Words of a closed language only: no name fits in. At least one of them is a section, an article, … with its number. */
function namesPlace(provision: string) {
  const words = provision.split(/[\s,]+/).filter(word => word !== '')
  return (
    words.every(word => isUnit(word) || isNumber(word) || isUnitWithNumber(word) || joins(word))
    && words.some((word, n) => isUnitWithNumber(word) || (isUnit(word) && isNumber(words[n + 1] ?? '')))
  )
}

/** C22: a law that somebody can look up: its title, a year that it can be of, and the place in it. */
export function isCitation(citation: Citation | undefined, now: string): citation is Citation {
  if (citation === undefined) return false
  const { title, year, provision } = citation
  return (
    title.length <= longestTitle
    && titleForm.test(title)
    && namesWhich(title)
    && !looksPersonal(title)
    && year >= 1200
    && year <= Number(londonDate(now).slice(0, 4))
    && provision.length <= longestProvision
    && provisionForm.test(provision)
    && !looksPersonal(provision)
    && namesPlace(provision)
  )
}

export const citationInWords = ({ title, year, provision }: Citation) => `${title} ${year} ${provision}`
