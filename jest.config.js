import { availableParallelism } from 'node:os'

/** Tests are ES modules compiled by swc; `#lib/file` resolves to sources through the package's own `imports`. */
export default {
  testMatch: ['<rootDir>/{libs,apps,test}/**/*.{spec,test}.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  testEnvironmentOptions: { customExportConditions: ['caseledger-src', 'node', 'node-addons'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // As long as this machine needs: tools/test.mjs measures it when a run begins.
  testTimeout: 60_000 * (Number(process.env['CASELEDGER_TEST_PATIENCE']) || 1),
  setupFilesAfterEnv: ['<rootDir>/test/support/patient-tests.mjs', '<rootDir>/test/support/personal-by-value.ts'],
  // Much of a test is waiting for servers and processes: two at once, on two cores too. A third made a run longer, not shorter.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // Modules of a test are not given back: a worker that has grown is begun anew before the collector is most of its work.
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/tools/longest-first.mjs',
  reporters: ['default', '<rootDir>/tools/closing-line.mjs'],
}
