'use strict'
const { pathToFileURL } = require('node:url')
const { default: Runtime } = require('jest-runtime')

/** What a test file finds without importing it. */
const given = ['expect', 'test', 'it', 'describe', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach']
/** Jest's own code runs in a realm of its own: `expect.any(Number)` there has to mean the Number of the tests. */
const classes = Object.getOwnPropertyNames(globalThis).filter(name => /^[A-Z]/.test(name) && typeof globalThis[name] === 'function')
let files = 0

/**
 * Loads tests as Node itself loads modules. Jest's own way loads, links and compiles Nest and all of ours anew for every file, and never
 * gives them back; here a worker loads a module once. Each test file and each setup file is run anew (it is asked for under a name of its
 * own); everything else about running tests is Jest's.
 */
module.exports = class NativeModules extends Runtime {
  #env = { ...process.env }
  #isGiven = false

  constructor(config, environment, ...rest) {
    super(config, environment, ...rest)
    for (const name of classes) environment.global[name] = globalThis[name]
  }
  unstable_shouldLoadAsEsm() {
    return true
  }
  async unstable_importModule(path) {
    // Once: what a setup file makes of them stays.
    if (!this.#isGiven) for (const name of given) globalThis[name] = this._environment.global[name]
    this.#isGiven = true
    // Node knows where each line was compiled from; Jest would look for maps of its own.
    Error.prepareStackTrace = undefined
    files += 1
    return import(`${pathToFileURL(path).href}?file=${files}`)
  }
  /** What one file sets in the environment is not there for the next. */
  teardown() {
    for (const name of Object.keys(process.env)) if (!(name in this.#env)) delete process.env[name]
    Object.assign(process.env, this.#env)
    return super.teardown()
  }
}
