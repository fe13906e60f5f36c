import type { Scope } from './bundle-layout.js'
import { type Check, type Finding, type Report, checks } from './verdict.js'

/** Where a finding is: what somebody needs to look it up. */
const placeOf = ({ index, stream, revision, eventId }: Finding) =>
  [
    ...(index === undefined ? [] : [`leaf ${index}`]),
    ...(stream === undefined ? [] : [`${stream}@${revision ?? '?'}`]),
    ...(eventId === undefined ? [] : [`event ${eventId}`]),
  ].join(', ')

/** The report for a person: a line a check, and below it what was found. */
export function* inWords(report: Report): Generator<string> {
  for (const check of Object.keys(checks) as Check[]) {
    yield `${report.resultOf(check).padEnd(11)} ${checks[check]}`
    const findings = report.findings.filter(finding => finding.check === check)
    for (const finding of findings)
      yield `              ${finding.result}: ${[placeOf(finding), finding.what].filter(text => text !== '').join(': ')}`
    if (report.count(check) > findings.length) yield `              and ${report.count(check) - findings.length} more`
    for (const { what } of report.remarks.filter(remark => remark.check === check)) yield `              ${what}`
  }
  for (const what of report.notChecked) yield `not checked ${what}`
  yield report.verdict
}

/** The report as one JSON object. */
export const asJson = (report: Report, scope: Scope | undefined) => ({
  verdict: report.verdict,
  ...(scope ? { log: scope.log, size: scope.size, scope: scope.kind } : {}),
  checks: (Object.keys(checks) as Check[]).map(check => ({ check, result: report.resultOf(check), findings: report.count(check) })),
  findings: report.findings,
  remarks: report.remarks,
  notChecked: report.notChecked,
})

/** The report for a machine that reads JUnit. */
export function asJUnit(report: Report): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const all = Object.keys(checks) as Check[]
  const cases = all.map(check => {
    const findings = report.findings.filter(finding => finding.check === check)
    const failures = findings
      .map(finding => `<failure type="${finding.result}" message="${escaped([placeOf(finding), finding.what].join(': '))}"/>`)
      .join('')
    return `  <testcase classname="caseledger.bundle" name="${check}">${failures}</testcase>`
  })
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n`
    + `<testsuite name="caseledger bundle" tests="${all.length}" failures="${all.filter(check => report.count(check) > 0).length}">\n`
    + `${cases.join('\n')}\n</testsuite>\n`
  )
}
