/** The classes of refusal, and the HTTP status of each. */
export const statusOfClass = {
  validation: 400,
  access: 403,
  state: 409,
  eligibility: 422,
  basis: 422,
  sharing: 422,
  contact: 422,
  rights: 422,
  request: 400,
} as const
export type RefusalClass = keyof typeof statusOfClass
export type RefusalText = {
  readonly class: RefusalClass
  /** Where the class's status is not this code's. */
  readonly status?: number
  /** The clause of the notice where one stands behind the rule. */
  readonly clause?: `C${number}`
  readonly rule: string
  readonly remedy: string
}

/** The refusals of one class, by their codes. */
export type RefusalsOf<C extends RefusalClass> = Readonly<Record<string, RefusalText & { readonly class: C }>>
