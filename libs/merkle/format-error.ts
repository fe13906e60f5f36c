/** Text or bytes that are not of their format. The message names the rule that is broken, never what was read. */
export class FormatError extends Error {}
/**
 * Well formed as far as one can tell, but of a version, a key type or a size that this library does not know: no statement about whether
 * it is genuine.
 */
export class Unsupported extends Error {}
/** A signature by a key that is known does not fit what it signs, or no known key signed. */
export class SignatureRefused extends Error {}
/** No key that is known signed: nothing is said about whether it is genuine. */
export class NoKnownKey extends SignatureRefused {}
