import 'reflect-metadata'
import type { Type } from '@nestjs/common'
import { isObject } from '#kernel/json'
import type { FieldProblem } from './problems.js'

/** What a field has to look like before anybody looks inside it. */
export type Shape = {
  /** A list of at most so many. */
  readonly list?: number
  /** An object, or a list of them: of this class, or any. */
  readonly of?: 'ANY_OBJECT' | (() => Type)
}
/** More than these nobody reads, and an answer stays smaller than what was asked. */
export const mostProblems = 20

const shapesKey = 'caseledger:shapes'
type Shapes = ReadonlyMap<string, Shape>
const shapesOf = (prototype: object) => Reflect.getMetadata(shapesKey, prototype) as Shapes | undefined

/** Says of a field what it looks like. */
export const shaped =
  (shape: Shape): PropertyDecorator =>
  (prototype, name) => {
    Reflect.defineMetadata(shapesKey, new Map([...(shapesOf(prototype) ?? []), [String(name), shape]]), prototype)
  }

/**
 * What has the wrong shape: fields that nobody knows, lists that are none or too long, what is no object where one belongs. Looked for
 * before anything is walked, for the libraries that convert and validate walk whatever they are given: each unknown field, each item of a
 * list that is too long, and a list in a list as if it were an object. Names of unknown fields may be values: they are never echoed.
 */
export function misshapen(type: Type, value: object): readonly FieldProblem[] {
  const found: FieldProblem[] = []
  for (const problem of problemsIn(type, value, '')) if (found.push(problem) === mostProblems) break
  return found
}

function* problemsIn(type: Type, value: unknown, path: string): Generator<FieldProblem> {
  const at = path === '' ? {} : { field: path }
  if (!isObject(value)) {
    yield { ...at, rule: 'must be an object' }
    return
  }
  const shapes = shapesOf(type.prototype as object)
  // A class without fields of ours is for the validation to judge.
  if (!shapes) return
  if (Object.keys(value).some(name => !shapes.has(name))) yield { ...at, rule: 'has a field that the API does not know' }
  for (const [name, { list, of }] of shapes) {
    const inner = Object.hasOwn(value, name) ? value[name] : undefined
    const here = path === '' ? name : `${path}.${name}`
    if (inner === undefined) continue
    if (list === undefined) yield* problemsOf(of, inner, here)
    else if (!Array.isArray(inner)) yield { field: here, rule: 'must be a list' }
    else if (inner.length > list) yield { field: here, rule: `must hold at most ${list} items` }
    else if (of) for (const [n, item] of inner.entries()) yield* problemsOf(of, item, `${here}.${n}`)
  }
}

function* problemsOf(of: Shape['of'], value: unknown, path: string): Generator<FieldProblem> {
  if (of === undefined) return
  if (of !== 'ANY_OBJECT') yield* problemsIn(of(), value, path)
  else if (!isObject(value)) yield { field: path, rule: 'must be an object' }
}
