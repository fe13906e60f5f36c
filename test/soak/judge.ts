import type { Heard, Lie, Moment, Person, Step } from './truth.js'

/** No answer but the truth or 503. These two are no truth: no log is rewound here, and a policy pack is always in force. */
const falseCodes: readonly (string | undefined)[] = ['EVENT_STORE_REWOUND', 'NO_POLICY_IN_FORCE']
const isGood = ({ status }: Heard) => status >= 200 && status < 300
const erasureMayBegin = (person: Person, moment: Moment) => person.mayHave('approve', moment)

/** An answer by its operation, status and code. */
export const nameOf = (operation: string, { status, code }: Heard): string =>
  status === 0 ? `${operation} ${code ?? 'none'}` : `${operation} ${status}${code === undefined ? '' : ` ${code}`}`

/** What no such answer may be, whatever it holds. */
export function refusedWrongly(operation: string, heard: Heard, about: string, truths: readonly string[] = []): readonly Lie[] {
  const { status, code } = heard
  if (
    status === 0
    || isGood(heard)
    || (status === 503 && !falseCodes.includes(code))
    || (code !== undefined && status < 500 && truths.includes(code))
  )
    return []
  return [{ kind: nameOf(operation, heard), about }]
}

/** What each command leads to. */
export const eventOf: Readonly<Record<Step, string>> = {
  refer: 'ReferralReceived',
  wish: 'ServiceWishConfirmed',
  details: 'PersonalDetailsRecorded',
  consent: 'ConsentGranted',
  share: 'DataShared',
  send: 'DisclosureDispatched',
  'ask for erasure': 'ErasureRequested',
  approve: 'ErasureApproved',
}

export function judgeCommand(step: Step, person: Person, heard: Heard, moment: Moment): readonly Lie[] {
  const truths = step === 'details' && erasureMayBegin(person, moment) ? ['SUBJECT_ERASED'] : []
  if (!isGood(heard)) return refusedWrongly(step, heard, person.ref === '' ? 'somebody new' : person.ref, truths)
  const lies: Lie[] = []
  const say = (kind: string) => {
    lies.push({ kind: `${step}: ${kind}`, about: person.ref })
  }
  const { subjectRef, events, position, disclosureId } = heard.body as {
    readonly subjectRef?: string
    readonly events?: readonly { readonly type: string }[]
    readonly position?: string
    readonly disclosureId?: string
  }
  if (person.ref !== '' && subjectRef !== person.ref) say('acknowledged for somebody else')
  if (!events?.some(({ type }) => type === eventOf[step])) say('acknowledged without its event')
  if (BigInt(position ?? 0) < (person.position ?? 1n)) say('acknowledged at a position before the last one')
  if (step === 'share' && disclosureId === undefined) say('acknowledged without its disclosure')
  if (step === 'details' && person.shown.certificate < moment.asked) say('recorded after the erasure was certified')
  return lies
}

type Words = Readonly<Record<string, unknown>>
const isErasedValue = (value: unknown) =>
  typeof value === 'object' && value !== null && (value as { readonly erased?: unknown }).erased === true

/** The case view, as somebody asks for it who may see all of it. `after`: read your own write. */
export function judgeCase(person: Person, heard: Heard, moment: Moment, after: bigint | undefined): readonly Lie[] {
  const erasing = erasureMayBegin(person, moment)
  if (!isGood(heard))
    return refusedWrongly(after === undefined ? 'case' : 'case after', heard, person.ref, erasing ? ['SUBJECT_ERASED'] : [])
  const lies: Lie[] = []
  const say = (kind: string) => {
    lies.push({ kind: `case: ${kind}`, about: person.ref })
  }
  const {
    fields = {},
    position = '0',
    erased,
    consents = [],
    disclosures = [],
  } = heard.body as {
    readonly fields?: Words
    readonly position?: string
    readonly erased?: boolean
    readonly consents?: readonly { readonly state: string }[]
    readonly disclosures?: readonly { readonly disclosureId: string }[]
  }
  const values = Object.values(fields)
  const open = values.filter(value => !isErasedValue(value))
  if (!('ID.name' in fields)) say('without the name')
  for (const field of ['ID.name', 'EMP.skills'])
    if (typeof fields[field] === 'string' && fields[field] !== person.name) say('somebody else’s words')
  if (typeof fields['ID.name'] === 'object' && !isErasedValue(fields['ID.name'])) say('masked for who may see it')
  if (!erasing && (erased === true || open.length < values.length)) say('erased, and nobody asked for it')
  if (person.shown.gone < moment.asked && open.length > 0) say('shown again after it was erased')
  if (person.shown.certificate < moment.asked && open.length > 0) say('shown after its erasure was certified')
  if (after !== undefined && BigInt(position) < after) say('behind the position that was asked for')
  if (person.mustShow('details', moment, after) && fields['EMP.skills'] === undefined) say('without acknowledged details')
  if (!erasing && person.mustShow('consent', moment, after) && !consents.some(({ state }) => state === 'GIVEN'))
    say('without an acknowledged consent')
  const ids = disclosures.map(({ disclosureId }) => disclosureId)
  if (person.mustShowDisclosures(moment, after).some(id => !ids.includes(id))) say('without an acknowledged sharing')
  if (lies.length > 0) return lies
  person.shown.case = Math.min(person.shown.case, moment.answered)
  if (values.length > 0 && open.length === 0) person.shown.gone = Math.min(person.shown.gone, moment.answered)
  return lies
}

export function judgeCertificate(person: Person, heard: Heard, moment: Moment): readonly Lie[] {
  const truths = person.shown.certificate < moment.asked ? [] : ['NOT_FOUND']
  if (!isGood(heard)) return refusedWrongly('certificate', heard, person.ref, truths)
  const lies: Lie[] = []
  const say = (kind: string) => {
    lies.push({ kind: `certificate: ${kind}`, about: person.ref })
  }
  const {
    subjectRef,
    keys = [],
    verification = {},
  } = heard.body as { readonly subjectRef?: string; readonly keys?: readonly string[]; readonly verification?: Words }
  if (!erasureMayBegin(person, moment)) say('issued, and nobody approved an erasure')
  if (subjectRef !== person.ref) say('somebody else’s')
  if (keys.length === 0) say('of no key')
  if (verification['keysFound'] !== 0 || verification['ciphertextsOpened'] !== 0) say('of what is still there')
  if (lies.length === 0) person.shown.certificate = Math.min(person.shown.certificate, moment.answered)
  return lies
}

export function judgeKeys(person: Person, heard: Heard, moment: Moment, after: bigint | undefined): readonly Lie[] {
  if (!isGood(heard)) return refusedWrongly('keys', heard, person.ref)
  const lies: Lie[] = []
  const say = (kind: string) => {
    lies.push({ kind: `keys: ${kind}`, about: person.ref })
  }
  const items = (heard.body['items'] ?? []) as readonly { readonly kid: string; readonly state: string }[]
  const states = items.map(({ state }) => state)
  if (states.includes('LOST')) say('lost')
  if (person.mustShow('refer', moment, after) && items.length === 0) say('none, of a person who was referred')
  if (!erasureMayBegin(person, moment) && states.some(state => state !== 'ACTIVE')) say('closed, and nobody approved an erasure')
  const { destroyed } = person.shown
  for (const [kid, at] of destroyed)
    if (at < moment.asked && items.find(one => one.kid === kid)?.state !== 'DESTROYED') say('there again after it was destroyed')
  if (lies.length === 0)
    for (const { kid, state } of items) if (state === 'DESTROYED' && !destroyed.has(kid)) destroyed.set(kid, moment.answered)
  return lies
}

/** By the person's own telephone number. The search takes no `after`: what no reader was shown yet may be missing. */
export function judgeSearch(person: Person, heard: Heard, moment: Moment): readonly Lie[] {
  const erasing = erasureMayBegin(person, moment)
  if (!isGood(heard)) return refusedWrongly('search', heard, person.ref, erasing ? ['SUBJECT_ERASED'] : [])
  const found = ((heard.body['items'] ?? []) as readonly { readonly subjectRef: string }[]).map(({ subjectRef }) => subjectRef)
  const lies: Lie[] = []
  const say = (kind: string) => {
    lies.push({ kind: `search: ${kind}`, about: person.ref })
  }
  if (found.some(ref => ref !== person.ref)) say('somebody else')
  if (found.length > 1) say('the same person twice')
  if (person.shown.certificate < moment.asked && found.length > 0) say('found after the erasure was certified')
  if (!erasing && person.shown.case < moment.asked && found.length === 0) say('not found, and the case is there')
  return lies
}

/** Could it be shared? Asked of the log, so never behind. */
export function judgeCheck(person: Person, heard: Heard, moment: Moment): readonly Lie[] {
  if (!isGood(heard)) return refusedWrongly('check', heard, person.ref)
  if (erasureMayBegin(person, moment)) return []
  const { allowed, refusals = [] } = heard.body as { readonly allowed?: boolean; readonly refusals?: readonly { readonly code: string }[] }
  const why = refusals.map(({ code }) => code).join(', ')
  if (allowed && !person.mayHave('consent', moment)) return [{ kind: 'check: allowed without a consent', about: person.ref }]
  if (!allowed && person.did('consent', moment) && person.did('details', moment))
    return [{ kind: `check: refused in spite of the consent (${why})`, about: person.ref }]
  return []
}

export function judgeMe(role: string, heard: Heard): readonly Lie[] {
  if (!isGood(heard)) return refusedWrongly('me', heard, role)
  return heard.body['role'] === role ? [] : [{ kind: 'me: somebody else', about: role }]
}

/** Not ready is an answer; that a log was rewound is none. */
export function judgeHealth(heard: Heard): readonly Lie[] {
  const parts = (heard.body['parts'] ?? []) as readonly { readonly part: string; readonly why?: string }[]
  const rewound = parts
    .filter(({ why }) => why?.includes('EVENT_STORE_REWOUND'))
    .map(({ part }) => ({ kind: 'health: EVENT_STORE_REWOUND', about: part }))
  return [...refusedWrongly('health', heard, 'health'), ...rewound]
}
