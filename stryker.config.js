/** Mutation testing of what Caseledger exists for: `npm run mutate` runs it twice. Not in CI, because it takes an hour. */
const passes = {
  /** What needs no database, against the specs beside it. */
  rules: {
    mutate: ['libs/{decider,domain,event-codec,event-kit}/**/*.ts', 'libs/subject-keys/*.ts', '!libs/**/*.spec.ts', '!libs/**/examples.ts', '!libs/decider/spec.ts'],
    testMatch: ['<rootDir>/libs/{decider,domain,event-codec,event-kit,subject-keys}/**/*.spec.ts', '<rootDir>/test/golden/*.test.ts', '<rootDir>/test/contract/subject-keys.memory.test.ts'],
  },
  /** The vault in PostgreSQL, against the contract and the stories of back-ups, rotations and restores. */
  vault: {
    mutate: ['libs/subject-keys/postgres/*.ts', '!libs/subject-keys/postgres/migrations.ts'],
    testMatch: ['<rootDir>/test/contract/{subject-keys.postgres,vault-lifecycle}.test.ts'],
  },
}
const pass = process.env.CASELEDGER_MUTATE ?? 'rules'
const { mutate, testMatch } = passes[pass]

export default {
  mutate,
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: { projectType: 'custom', configFile: 'jest.config.js', enableFindRelatedTests: false, config: { testMatch, reporters: [] } },
  coverageAnalysis: 'perTest',
  // What a text says is judged by readers; what runs once, when a module is loaded, is seen by whoever starts it.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignoreStatic: true,
  thresholds: { high: 95, low: 85, break: 85 },
  concurrency: 2,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: `reports/mutation-${pass}.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  tempDirName: '.stryker-tmp',
}
