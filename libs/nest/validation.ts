import { type ArgumentMetadata, Injectable, Param, type PipeTransform, ValidationPipe } from '@nestjs/common'
import type { ValidationError } from 'class-validator'
import { type FieldProblem, type Refused, refusedAs } from './problems.js'
import { isUuid } from './fields.js'
import { misshapen, mostProblems } from './shape.js'

/** The names of unknown fields are what somebody sent, and may be values: they are never echoed. */
function problemsOf(errors: readonly ValidationError[], path: string): readonly FieldProblem[] {
  return errors.flatMap(({ property, constraints, children }) => {
    if (constraints && 'whitelistValidation' in constraints)
      return [{ ...(path === '' ? {} : { field: path.slice(0, -1) }), rule: 'has a field that the API does not know' }]
    const here = `${path}${property}`
    return [
      ...Object.values(constraints ?? {})
        .slice(0, 1)
        .map(rule => ({ field: here, rule })),
      ...problemsOf(children ?? [], `${here}.`),
    ]
  })
}

const isAhead = (errors: readonly ValidationError[]): boolean =>
  errors.some(({ constraints, children }) => (constraints && 'instantNotAhead' in constraints) ?? isAhead(children ?? []))

export function refusalOfValidation(errors: readonly ValidationError[]): Refused {
  const onlyAhead = errors.every(({ constraints }) => constraints && Object.keys(constraints).every(name => name === 'instantNotAhead'))
  return refusedAs(isAhead(errors) && onlyAhead ? 'INSTANT_IN_FUTURE' : 'INVALID_REQUEST', problemsOf(errors, '').slice(0, mostProblems))
}

/** What has the wrong shape is refused as it came: it is neither converted nor looked into. */
class ShapeFirst extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype } = metadata
    const wrong = metatype && typeof value === 'object' && value !== null && this.toValidate(metadata) ? misshapen(metatype, value) : []
    if (wrong.length > 0) throw refusedAs('INVALID_REQUEST', wrong)
    return super.transform(value, metadata) as Promise<unknown>
  }
}

/** Whole or not at all: unknown fields are refused, nothing is converted but what a field's decorator converts. */
export const bodyValidation = () =>
  new ShapeFirst({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: refusalOfValidation,
  })

@Injectable()
class UuidParam implements PipeTransform<unknown, string> {
  constructor(private readonly field: string) {}
  transform(value: unknown) {
    if (!isUuid(value)) throw refusedAs('INVALID_REQUEST', [{ field: this.field, rule: 'must be a UUID' }])
    return value.toLowerCase()
  }
}

/**
 * An id in a path, of the kind that the parameter's type names. swc, which compiles the tests, does not follow a branded type to its
 * string: the API's document would leave the parameter out there (findings/branded-path-id.sh).
 */
export const IdInPath =
  (name: string): ParameterDecorator =>
  (target, method, index) => {
    Param(name, new UuidParam(name))(target, method, index)
    if (method === undefined) return
    const types = Reflect.getMetadata('design:paramtypes', target, method) as readonly unknown[] | undefined
    if (types) Reflect.defineMetadata('design:paramtypes', types.with(index, String), target, method)
  }
