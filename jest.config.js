import { availableParallelism } from 'node:os'

/** Run by tools/test.mjs, with the flags of tools/jest/flags.mjs. */
export default {
  testMatch: ['<rootDir>/{libs,apps,test}/**/*.{spec,test}.ts'],
  transform: {},
  runtime: '<rootDir>/tools/jest/native-modules.cjs',
  // As long as this machine needs: tools/test.mjs measures it when a run begins.
  testTimeout: 60_000 * (Number(process.env['CASELEDGER_TEST_PATIENCE']) || 1),
  setupFilesAfterEnv: ['<rootDir>/test/support/patient-tests.mjs', '<rootDir>/test/support/personal-by-value.ts'],
  // Much of a test is waiting for servers and processes: two at once, on two cores too. A third made a run longer, not shorter.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testSequencer: '<rootDir>/tools/longest-first.mjs',
  reporters: ['default', '<rootDir>/tools/closing-line.mjs'],
}
