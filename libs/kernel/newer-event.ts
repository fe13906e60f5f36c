/** What stands in tables and answers of such an event; a name that nobody of ours would give is not repeated. */
const named = (type: string) => (/^[A-Za-z]{1,80}$/.test(type) ? type : 'an event without a name')

/**
 * An event in the log of a type, a version or a form that this release does not know: a newer release wrote it. Waiting does not mend
 * this.
 */
export class NewerEvent extends Error {
  readonly what: string
  /** @param of which version it is of, such as `v2` */
  constructor(type: string, of: string) {
    const what = `${named(type)} ${of}`
    super(`A newer release wrote an event into the log that this one cannot read (${what}). Start that release.`)
    this.what = what
  }
}

const prefix = 'NewerEvent '
/** What is so noted, as SQL looks for it. */
export const newerPattern = `${prefix}%`
/** How tables remember by what kind of error something stopped. */
export const newerNoted = ({ what }: NewerEvent): string => `${prefix}${what}`
/** Which event it was, where that is what was noted. */
export const newerIn = (noted: string): string | undefined => (noted.startsWith(prefix) ? noted.slice(prefix.length) : undefined)
