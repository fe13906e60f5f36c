type Typed = { readonly type: string; readonly data: unknown }

/** One example for each event of a kind. Examples are for specs, golden files and the compiler: no decision and no app reads them. */
export type ExampleOfEach<E extends Typed> = { readonly [T in E['type']]: Extract<E, { type: T }> }

/** An invented id, of whatever kind is asked for. The same number is the same thing in every context's examples. */
export const inventedId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as never
/** When everything in the examples happens, unless they say otherwise. */
export const inventedAt = '2026-11-01T09:00:00.000Z'
