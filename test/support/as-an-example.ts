import { daysUntil } from '#calendar/statutory-periods'

const digest = 'Y29udGVudC1vZi1uby1pbXBvcnRhbmNlLTMyLWJ5dGU='
/** What differs from run to run under these names, and what stands there instead. */
const byName: Readonly<Record<string, string>> = {
  position: '1042',
  after: '1042',
  next: 'the-cursor-of-the-next-page',
  ct: 'U0VBTEVE',
  iv: 'AAAAAAAAAAAAAAAA',
  sha256: digest,
  prev: digest,
  sealedDigest: digest,
  proof: 'c2sp.org/tlog-proof@v1\n…',
}
const day = 86_400_000
const wayAhead = Date.parse('2080-01-01')
/** The day that is today in every example. */
const today = '2026-11-02'

/** What is counted from today is counted from the day that is today in the examples. */
const counted = (shown: Readonly<Record<string, unknown>>) =>
  'daysLeft' in shown && typeof shown['due'] === 'string' ? { ...shown, daysLeft: daysUntil(today, shown['due'].slice(0, 10)) } : shown

/** A body as it is shown: ids by their order, times as of one day, of long lists the first. The same whenever it is made. */
export function anExampleOf(now: number) {
  const ids: string[] = []
  const idOf = (uuid: string) => {
    if (!ids.includes(uuid)) ids.push(uuid)
    return `00000000-0000-4000-8000-${String(ids.indexOf(uuid) + 1).padStart(12, '0')}`
  }
  const timeOf = (instant: string) => {
    const at = Date.parse(instant)
    if (at > wayAhead || at < now - 2 * day) return instant
    const shown = at > now + 2 * day ? '2026-12-02T10:00:00.000Z' : `${today}T10:00:00.000Z`
    return instant.includes('T') ? shown : shown.slice(0, 10)
  }
  const textOf = (text: string) =>
    /^\d{4}-\d\d-\d\d$/.test(text)
      ? timeOf(text)
      : text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, timeOf).replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, idOf)
  return function shown(value: unknown, name = ''): unknown {
    if (typeof value === 'string') return byName[name] ?? textOf(value)
    if (Array.isArray(value)) return value.slice(0, 2).map(one => shown(one, name))
    if (typeof value !== 'object' || value === null) return value
    return counted(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(one, key)])))
  }
}
