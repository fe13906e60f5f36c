import { matching } from './field.js'

/** The series in which the service, its officers and those who look at it number their papers. */
const series = ['AUDIT', 'CASE', 'REQUEST', 'DPO', 'CALDICOTT', 'ICO', 'CQC', 'NHS', 'COURT', 'DEMO', 'SPEC'] as const
/** AUDIT-2026-1, DPO-17, DEMO: a series, a year and a number. It stands in the clear, so it has no room for a word of anybody’s own. */
const form = `(${series.join('|')})(-[0-9]{4})?(-[0-9]{1,4})?`
export const paperNumberPattern = `^${form}$`
export const paperNumberRule = `must be a number in one of the series ${series.join(', ')}, such as AUDIT-2026-1`
export const isPaperNumber = (value: unknown): value is string => typeof value === 'string' && new RegExp(paperNumberPattern).test(value)

const unlisted = 'NOT_LISTED'
export const paperNumber = () => matching(new RegExp(`^(${form}|${unlisted})$`))
/** Of an event from before the series were closed: what is none of their numbers is a word that nobody looked at, and is not shown. */
export const paperNumberOf = (before: string): string => (isPaperNumber(before) ? before : unlisted)
