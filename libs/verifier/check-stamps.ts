import type { Bundle } from './bundle-folder.js'
import { anchors } from './bundle-layout.js'
import type { Certificate } from './certificate.js'
import { checkTimeStamp } from './time-stamp.js'
import { type Report, meaningOf } from './verdict.js'

/**
 * Every time stamp of the bundle, over the checkpoint beside it. Without an authority to believe, none is looked at, and the report says
 * so.
 */
export function checkStamps(bundle: Bundle, authorities: readonly Certificate[], report: Report): void {
  const stamps = bundle.files().filter(path => path.startsWith(anchors) && path.endsWith('.tsr'))
  if (authorities.length === 0) {
    report.remark(
      'stamps',
      stamps.length === 0
        ? 'The bundle holds no time stamps.'
        : `The bundle holds ${stamps.length} time stamps; none was looked at: name the certificate of their authority.`,
    )
    return
  }
  report.looked('stamps')
  if (stamps.length === 0) report.found({ check: 'stamps', result: 'incomplete', what: 'The bundle holds no time stamps' })
  for (const path of stamps) {
    const note = bundle.read(path.replace(/tsr$/, 'note'))
    if (!note) {
      report.found({ check: 'stamps', result: 'incomplete', what: `The checkpoint that ${path} is of is missing` })
      continue
    }
    try {
      const { time, by, believed } = checkTimeStamp(bundle.read(path) as Buffer, note, authorities)
      if (believed) report.remark('stamps', `${path.slice(anchors.length, -'.tsr'.length)} leaves were there at ${time}, says ${by}.`)
      else report.found({ check: 'stamps', result: 'incomplete', what: `${path} is by an authority that was not named` })
    } catch (error) {
      const { result, what } = meaningOf(error)
      report.found({ check: 'stamps', result, what: `${path}: ${what}` })
    }
  }
}
