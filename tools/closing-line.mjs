/** Prints `N passed, N failed, N skipped` alone on the last line, and a line for each contract suite that names its adapter. */
export default class ClosingLine {
  onRunComplete(_contexts, results) {
    const suites = new Map()
    for (const file of results.testResults) {
      for (const test of file.testResults) {
        const suite = test.ancestorTitles[0]
        if (!suite || !/^.+ contract \[.+\]$/.test(suite)) continue
        const counts = suites.get(suite) ?? { passed: 0, failed: 0, pending: 0 }
        counts[test.status] = (counts[test.status] ?? 0) + 1
        suites.set(suite, counts)
      }
    }
    const lines = [...suites]
      .sort()
      .map(
        ([suite, { passed, failed, pending }]) =>
          `${suite}: ${passed} passed${failed ? `, ${failed} failed` : ''}${pending ? `, ${pending} skipped` : ''}`,
      )
    for (const file of results.testResults) {
      for (const test of file.testResults) if (test.status === 'pending') lines.push(`skipped: ${test.fullName}`)
    }
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const closing = `${results.numPassedTests} passed, ${failed} failed, ${results.numPendingTests + results.numTodoTests} skipped`
    // At exit, because Jest writes its own summary after every reporter has spoken.
    process.once('exit', () => process.stdout.write(`\n${[...lines, closing].join('\n')}\n`))
  }
}
