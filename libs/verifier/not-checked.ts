import type { Bundle } from './bundle-folder.js'
import { type Scope, unknownIn } from './bundle-layout.js'
import { type Check, type Report, checks } from './verdict.js'

const why: Readonly<Record<string, string>> = { 'verify.mjs': 'use a verifier of your own', 'README.md': 'nobody signed it' }
const mostNamed = 100

/**
 * Says what nobody looked at: checks, files of which nothing was read, and what the scope says that no leaf proves. A check that is added
 * to the verifier and reads a file takes it off this list; a file that is added to bundles is on it until then.
 */
export function sayNotChecked(bundle: Bundle, scope: Scope | undefined, isScopeOnRecord: boolean, report: Report): void {
  for (const check of Object.keys(checks) as Check[]) if (report.resultOf(check) === 'not checked') report.leave(`the check ${check}`)
  const unread = bundle.unread()
  for (const path of unread.slice(0, mostNamed)) report.leave(`${path}: ${why[path] ?? 'nothing of it was compared'}`)
  if (unread.length > mostNamed) report.leave(`${unread.length - mostNamed} more files`)
  if (!scope) return
  for (const name of unknownIn(scope)) report.leave(`${name} of data/scope.json: this verifier does not know it`)
  if (isScopeOnRecord) return
  report.leave('reference and madeAt of data/scope.json: hold the bundle against a later one (--exported)')
  if (scope.headers === 'SCOPED')
    report.leave('counts of data/scope.json, that no leaf of the scope was left out: hold the bundle against a later one (--exported)')
}
