/** The times that tests and hooks name for themselves, as long as this machine needs them. */
const factor = Number(process.env['CASELEDGER_TEST_PATIENCE']) || 1
const longer = args => args.map((arg, n) => (n === args.length - 1 && n > 0 && typeof arg === 'number' ? Math.ceil(arg * factor) : arg))
function patient(own) {
  const wrapped = (...args) => own(...longer(args))
  for (const name of Object.keys(own)) {
    const inner = own[name]
    if (name === 'each') wrapped.each = (...table) => patient(inner(...table))
    else wrapped[name] = typeof inner === 'function' && name !== 'todo' ? patient(inner) : inner
  }
  wrapped.patient = true
  return wrapped
}
for (const name of ['test', 'it', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach']) globalThis[name] = patient(globalThis[name])
