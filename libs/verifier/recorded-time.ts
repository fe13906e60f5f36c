/**
 * How far the recorded time of an event may lie before that of an event at an earlier position. On PostgreSQL it never does: an event gets
 * no earlier time than the last one has, whatever the clock says. EventStoreDB gives each event the clock of whoever leads then, so that
 * time goes back when another one comes to lead, or a clock is set. Two clocks that are each within the minute that is allowed by default
 * (CASELEDGER_CLOCK_LIMIT_SECONDS) are two minutes apart. Whatever goes back by more was recorded by a clock that was far wrong, or was put
 * in by somebody with a time of their choosing.
 */
export const recordedTimeMayGoBackMs = 120_000

/** What is wrong with an event that went back: the end of a sentence about it. */
export const wentBack = (recordedAt: string, after: string) =>
  `was recorded at ${recordedAt}, after one of ${after}: recorded time does not go back along the log`

/** Follows recorded times (`created` of a leaf, `recordedAt` of an event) along the positions of a log. */
export class RecordedTimes {
  #latest = ''

  /**
   * The time from which this one goes back further than it may, or undefined. Each step back is told once: what comes after is held
   * against where it led. Steps that are small, but add up to more, are one that is not.
   */
  goesBackFrom(recordedAt: string): string | undefined {
    const latest = this.#latest
    // All have one format of one length: the texts are in the order of the times.
    if (recordedAt >= latest) {
      this.#latest = recordedAt
      return undefined
    }
    if (Date.parse(latest) - Date.parse(recordedAt) <= recordedTimeMayGoBackMs) return undefined
    this.#latest = recordedAt
    return latest
  }
}
