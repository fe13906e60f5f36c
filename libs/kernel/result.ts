/** What a decision answers: a value, or a refusal that the caller has to look at. Exceptions are for bugs and broken infrastructure. */
export type Result<T, R> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: R }

export const accept = <T>(value: T) => ({ ok: true, value }) as const
export const refuse = <R>(refusal: R) => ({ ok: false, refusal }) as const
