import { deepStrictEqual } from 'node:assert'
import type { Actor } from '#kernel/actor'
import { Personal } from '#kernel/personal'
import type { StaffRef } from '#kernel/id'
import type { Decided } from './command.js'
import { type Decision, type Evolve, type Happened, type Meta, type Typed, fold } from './decider.js'

export const somebody: Actor = { id: '00000000-0000-4000-8000-000000000001' as StaffRef, role: 'back-office' }
const meta = (n: number): Meta => ({
  eventId: `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`,
  actor: somebody,
  occurredAt: '2026-01-01T00:00:00.000Z',
  recordedAt: '2026-01-01T00:00:00.000Z',
  position: BigInt(n + 1),
  revision: BigInt(n),
})

/** An event in a spec's history, said by another actor or at another time than the harness's own. */
export const happened = <E extends Typed>(event: E, said: Partial<Meta>): Happened<E> => ({ ...event, meta: { ...meta(0), ...said } })

/** given what has happened, when a decision is made, then this follows. */
export const specFor = <S, E extends Typed>(d: { readonly initial: S; readonly evolve: Evolve<S, E> }) => ({
  given: (...past: readonly (E | Happened<E>)[]) => {
    const state = fold(
      d.evolve,
      d.initial,
      past.map((event, n) => ('meta' in event ? event : { ...event, meta: meta(n) })),
    )
    return {
      state,
      when: <R>(decision: Decision<S, Decided<E>, R>) => {
        const result = decision(state)
        return {
          then: (...expected: readonly Decided<E>[]) => {
            deepStrictEqual(visible(result), visible({ ok: true, value: expected }))
          },
          thenNothing: () => {
            deepStrictEqual(visible(result), { ok: true, value: [] })
          },
          thenRefused: (refusal: R) => {
            deepStrictEqual(visible(result), visible({ ok: false, refusal }))
          },
          /** The events, for a spec that looks at one detail. */
          events: () => {
            if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`)
            return result.value
          },
        }
      },
    }
  },
})

/** Private fields are invisible to deepStrictEqual: without this, any two Personal values are "equal". */
export const visible = (x: unknown): unknown =>
  x instanceof Personal
    ? Personal.look<unknown, unknown>(x, { fresh: personal => ({ personal: visible(personal) }), sealed: sealed => ({ sealed }) })
    : Array.isArray(x)
      ? x.map(visible)
      : x && typeof x === 'object'
        ? Object.fromEntries(
            Object.entries(x)
              .filter(([, v]) => v !== undefined)
              .map(([k, v]) => [k, visible(v)]),
          )
        : x
