import type { RefusalsOf } from './refusal-text.js'

/** What is wrong with a request before anybody decides, or with the service that answers it. */
export const request = {
  INVALID_REQUEST: {
    class: 'request',
    rule: 'The request does not have the form that the API documents describe.',
    remedy: 'Correct the fields named in errors.',
  },
  INSTANT_IN_FUTURE: {
    class: 'request',
    rule: 'An instant may lie at most five minutes ahead.',
    remedy: 'Correct the time, or the clock it was taken from.',
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    class: 'request',
    rule: 'Every command carries an Idempotency-Key of 1 to 200 printable ASCII characters.',
    remedy: 'Send a new random key with each new command, and the same key when you repeat one.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    class: 'request',
    status: 422,
    rule: 'This Idempotency-Key was used for another request.',
    remedy: 'Send a new random key with each new command.',
  },
  BODY_TOO_LARGE: { class: 'request', status: 413, rule: 'A request body is at most 1 MB.', remedy: 'Send less.' },
  UNSUPPORTED_MEDIA_TYPE: {
    class: 'request',
    status: 415,
    rule: 'A request body is application/json in UTF-8.',
    remedy: 'Send JSON with the header Content-Type: application/json.',
  },
  UNAUTHENTICATED: {
    class: 'request',
    status: 401,
    rule: 'The request needs a valid bearer token.',
    remedy: 'Send Authorization: Bearer with a token of the configured issuer that has not expired.',
  },
  NOT_FOUND: { class: 'request', status: 404, rule: 'There is nothing at this address.', remedy: 'Check the address and the id.' },
  METHOD_NOT_ALLOWED: {
    class: 'request',
    status: 405,
    rule: 'This address does not take this method.',
    remedy: 'Use one of the methods in Allow.',
  },
  TOO_MANY_REQUESTS: {
    class: 'request',
    status: 429,
    rule: 'Too many requests in a short time.',
    remedy: 'Wait as long as Retry-After says.',
  },
  NOT_YET_VISIBLE: {
    class: 'request',
    status: 503,
    rule: 'The read model has not reached the position asked for.',
    remedy: 'Ask again after the time in Retry-After.',
  },
  NO_POLICY_IN_FORCE: {
    class: 'request',
    status: 503,
    rule: 'Nothing can be decided while no policy pack is in force.',
    remedy: 'Tell the operators: a policy pack has to be published. For trying out, caseledger policy demo publishes one.',
  },
  UNAVAILABLE: {
    class: 'request',
    status: 503,
    rule: 'A part that this request needs cannot be reached. Nothing was half-done.',
    remedy: 'Repeat the request, with the same Idempotency-Key, after the time in Retry-After.',
  },
  KEY_LOST: {
    class: 'request',
    status: 500,
    rule: 'A key of this data is gone, and no erasure is on record: the data was lost, not erased.',
    remedy:
      'Tell the operators: caseledger keys reconcile lists what is lost. '
      + 'Restore a newer back-up of the vault, or report a breach of availability.',
  },
  SEAL_BROKEN: {
    class: 'request',
    status: 500,
    rule: 'A sealed value does not authenticate where it stands: it was changed or moved.',
    remedy: 'Tell the DPO and the operators the correlation id; this is a security incident until it is explained.',
  },
  HISTORY_DAMAGED: {
    class: 'request',
    status: 500,
    rule:
      'The event store does not show what was stored of this record: its stream was deleted, events of it are hidden, missing or changed, '
      + 'or one stands where this service put none. Nothing is decided on what is no history.',
    remedy:
      'Tell the operators and the DPO; this is a security incident until it is explained. '
      + 'caseledger ledger fsck --deep names the streams. '
      + 'Events that are only hidden come back when $maxCount, $maxAge and $tb are taken out of the stream’s metadata before a scavenge; '
      + 'else restore the event store.',
  },
  NOT_STORED_AS_SENT: {
    class: 'request',
    status: 503,
    rule: 'The event store would not store what it was sent, but something else, or it did. Nothing is decided on that.',
    remedy:
      'Tell the operators and the DPO; this is a security incident until it is explained: a trigger, a rule or a function of the '
      + 'database, or whoever stands between, changes events.',
  },
  CLOCK_WRONG: {
    class: 'request',
    status: 503,
    rule: 'The clocks of the service and of its record differ: nothing is recorded with a time that may be wrong.',
    remedy: 'Tell the operators: the part clocks of /health/ready says which clock differs, and what to do.',
  },
  WRITTEN_BY_NEWER_RELEASE: {
    class: 'request',
    status: 503,
    rule:
      'A newer release of the service wrote something into this record that this one cannot read. '
      + 'Nothing is decided on a part of a history.',
    remedy: 'Tell the operators: the newer release has to be started; /health/ready names what it wrote.',
  },
  EVENT_STORE_REWOUND: {
    class: 'request',
    status: 503,
    rule: 'The event store holds less than was read from it, or something else.',
    remedy: 'Tell the operators: a store was restored or lags. Nothing was half-done.',
  },
  INTERNAL_ERROR: {
    class: 'request',
    status: 500,
    rule: 'Something is wrong with the service.',
    remedy: 'Tell the operators the correlation id; nothing was half-done.',
  },
} as const satisfies RefusalsOf<'request'>
