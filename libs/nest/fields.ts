import { applyDecorators } from '@nestjs/common'
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger'
import { Transform, Type } from 'class-transformer'
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator'
import { serviceBegan } from '#calendar/plausible-dates'
import { londonDate } from '#calendar/statutory-periods'
import { areLines, hasAtMost, isVisible, linesRule } from '#kernel/characters'
import type { Clock } from '#kernel/clock'
import { systemClock } from '#kernel/clock'
import { type Shape, shaped } from './shape.js'

/** One decorator a field: what is validated and what the OpenAPI document says come from the same words. */
export type Options = {
  readonly optional?: boolean
  readonly description?: string
  readonly list?: boolean
  readonly atLeastOne?: boolean
  readonly max?: number
}

export const field = (options: Options, api: ApiPropertyOptions, ...checks: readonly PropertyDecorator[]) =>
  fieldOf({}, options, api, ...checks)

const fieldOf = (of: Pick<Shape, 'of'>, options: Options, api: ApiPropertyOptions, ...checks: readonly PropertyDecorator[]) =>
  applyDecorators(
    shaped({ ...of, ...(options.list ? { list: options.max ?? 200 } : {}) }),
    ApiProperty({
      ...(options.description ? { description: options.description } : {}),
      required: !options.optional,
      ...(options.list ? { isArray: true, maxItems: options.max ?? 200 } : {}),
      ...api,
    } as ApiPropertyOptions),
    // Left out is optional; null is a value, and a wrong one.
    ...(options.optional ? [ValidateIf((_: unknown, value: unknown) => value !== undefined)] : []),
    ...(options.list
      ? [
          IsArray({ message: 'must be a list' }),
          ArrayMaxSize(options.max ?? 200, { message: `must hold at most ${options.max ?? 200} items` }),
          // The library's own compares each with each: a second and more for a long list.
          check(
            'unique',
            'must not name the same thing twice',
            value => Array.isArray(value) && new Set(value).size === value.length,
            false,
          ),
          ...(options.atLeastOne ? [ArrayNotEmpty({ message: 'must name at least one' })] : []),
        ]
      : []),
    ...checks,
  )

export const check = (name: string, rule: string, test: (value: unknown) => boolean, list: boolean | undefined) =>
  ValidateBy({ name, validator: { validate: value => test(value), defaultMessage: () => rule } }, { each: list ?? false, message: rule })

type TextRule = { readonly name: string; readonly rule: string; readonly fits: (text: string) => boolean }
/** Text of 1 to `max` characters, with something to see in it, and of one form. */
export const textThat = ({ name, rule, fits }: TextRule, max: number, options: Options) =>
  field(
    options,
    { type: 'string', minLength: 1, maxLength: max },
    check(
      'text',
      `must be text of 1 to ${max} characters`,
      value => typeof value === 'string' && hasAtMost(value, max) && isVisible(value),
      options.list,
    ),
    check(name, rule, value => typeof value !== 'string' || fits(value), options.list),
  )
/** Text that may have several lines. */
export const Text = (max: number, options: Options = {}) => textThat({ name: 'lines', rule: linesRule, fits: areLines }, max, options)

/** One of a closed list. */
export const OneOf = (values: readonly string[], options: Options = {}) =>
  field(
    options,
    { type: 'string', enum: [...values] },
    IsIn([...values], { each: options.list ?? false, message: `must be one of ${values.join(', ')}` }),
  )

/** A code whose list is policy data or closed by a clause: the rule that knows the list answers with its own code. */
export const PolicyCode = (options: Options & { readonly known?: readonly string[] } = {}) =>
  field(
    options,
    { type: 'string', maxLength: 64, ...(options.known ? knownToday(options.known, options.list) : {}) },
    check(
      'code',
      'must be a code of 1 to 64 letters, digits, hyphens, dots and underscores',
      value => typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(value),
      options.list,
    ),
  )

/** OpenAPI 3.0 knows one example of a schema; what else there is stands beside it, for whoever makes a client or asks at random. */
const knownToday = (known: readonly string[], list = false) => ({ 'x-known': [...known], example: list ? known.slice(0, 1) : known[0] })

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuidPattern.test(value)
export const Uuid = (options: Options = {}) =>
  field(
    options,
    { type: 'string', format: 'uuid' },
    Transform(({ value }: { value: unknown }) => lowered(value), { toClassOnly: true }),
    check('uuid', 'must be a UUID', isUuid, options.list),
  )
const lowered = (value: unknown): unknown => (isUuid(value) ? value.toLowerCase() : Array.isArray(value) ? value.map(lowered) : value)

const instantPattern =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/
/** The same instant in UTC with milliseconds, or undefined for what is not an RFC 3339 instant (a day that its month lacks is not one). */
export function parsedInstant(value: unknown): string | undefined {
  if (typeof value !== 'string' || !instantPattern.test(value)) return undefined
  const [year, month, day] = value.slice(0, 10).split('-').map(Number) as [number, number, number]
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate() || year < 1900 || year > 9998) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}
const aheadMs = 5 * 60_000
const toUtc = Transform(({ value }: { value: unknown }) => parsedInstant(value) ?? value, { toClassOnly: true })
const instantCheck = (list: boolean | undefined) =>
  check(
    'instant',
    'must be an RFC 3339 instant with an offset, such as 2026-11-23T09:00:00Z',
    value => parsedInstant(value) !== undefined,
    list,
  )

/** When something happened that is on record here: not before there was a service, and at most five minutes ahead of now. Read as UTC. */
export const PastInstant = (options: Options = {}, clock: Clock = systemClock) =>
  field(
    options,
    { type: 'string', format: 'date-time' },
    toUtc,
    instantCheck(options.list),
    check(
      'instantNotAhead',
      'must not lie more than five minutes ahead',
      value => {
        const instant = parsedInstant(value)
        return instant === undefined || Date.parse(instant) <= Date.parse(clock.now()) + aheadMs
      },
      options.list,
    ),
    check(
      'instantOfTheService',
      `must not lie before ${serviceBegan}: nothing on record here is older`,
      value => {
        const instant = parsedInstant(value)
        return instant === undefined || londonDate(instant) >= serviceBegan
      },
      options.list,
    ),
  )
/** An instant of any time. */
export const Instant = (options: Options = {}) => field(options, { type: 'string', format: 'date-time' }, toUtc, instantCheck(options.list))

export const isDate = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && parsedInstant(`${value}T00:00:00Z`) !== undefined
export const DateOnly = (options: Options = {}) =>
  field(options, { type: 'string', format: 'date' }, check('date', 'must be a date, YYYY-MM-DD', isDate, options.list))

export const Flag = (options: Options = {}) => field(options, { type: 'boolean' }, IsBoolean({ message: 'must be true or false' }))
export const Count = (options: Options & { readonly atMost?: number; readonly atLeast?: number } = {}) =>
  field(
    options,
    { type: 'integer', minimum: options.atLeast ?? 0, maximum: options.atMost ?? 1_000_000_000 },
    IsInt({ message: 'must be a whole number', each: options.list ?? false }),
    Min(options.atLeast ?? 0, { message: `must be at least ${options.atLeast ?? 0}`, each: options.list ?? false }),
    Max(options.atMost ?? 1_000_000_000, { message: `must be at most ${options.atMost ?? 1_000_000_000}`, each: options.list ?? false }),
  )
/** In a query string a number is text. */
export const QueryCount = (options: Options & { readonly atMost?: number; readonly atLeast?: number } = {}) =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value), {
      toClassOnly: true,
    }),
    Count({ ...options, optional: true }),
  )
/** A position: a decimal string. */
export const Position = (options: Options = {}) =>
  field(
    options,
    { type: 'string', pattern: '^[0-9]{1,19}$' },
    check('position', 'must be a position: a decimal number', isPosition, options.list),
  )
export const isPosition = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{1,19}$/.test(value) && BigInt(value) < 2n ** 63n
export const AnyObject = (options: Options = {}) =>
  fieldOf(
    { of: 'ANY_OBJECT' },
    options,
    { type: 'object', additionalProperties: true },
    IsObject({ message: 'must be an object', each: options.list ?? false }),
  )

/**
 * A nested object, or a list of them. The document's generator knows a function for a lazy type by its name, which is that of the
 * property.
 */
export const Nested = (type: () => new () => object, options: Options = {}) =>
  fieldOf(
    { of: type },
    options,
    { type: () => type() },
    ...(options.list ? [] : [IsObject({ message: 'must be an object' })]),
    ValidateNested({ each: options.list ?? false, message: 'must be an object' }),
    Type(type),
  )
/** A field that the API knew once: whoever still sends it is told what to do. It is not in the document. */
export const NotTaken = (rule: string) =>
  applyDecorators(
    shaped({}),
    ValidateIf((_: unknown, value: unknown) => value !== undefined),
    check('notTaken', rule, () => false, false),
  )
/** A check of one's own, in the words of its rule. */
export const Checked = (name: string, rule: string, test: (value: unknown) => boolean, api: ApiPropertyOptions, options: Options = {}) =>
  field(options, api, check(name, rule, test, options.list))
