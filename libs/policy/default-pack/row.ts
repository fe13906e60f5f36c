import { type Category, categories, categoryOf } from '#event-kit/scope'
import type { MatrixRowPublished } from '../policy.js'

type Row = Partial<Omit<MatrixRowPublished, 'categories'>>
  & Pick<MatrixRowPublished, 'recipient' | 'name' | 'purposes' | 'art6' | 'fields'> & {
    /** Of which nothing can be recorded yet. */
    readonly alsoCategories?: readonly Category[]
  }

/** A row of the default matrix: its categories are those of its fields. */
export const row = ({ alsoCategories = [], ...one }: Row): MatrixRowPublished => ({
  disputed: false,
  form: 'NONE',
  categories: categories.filter(category => alsoCategories.includes(category) || one.fields.some(field => categoryOf(field) === category)),
  minimum: [],
  fieldsNamedBy: 'MATRIX',
  inform: ['INFORM_BEFORE', 'INFORM_AFTER'],
  precondition: 'NONE',
  approver: 'TEAM_LEADER',
  immediate: false,
  needsPolicyDocument: false,
  competentAuthority: false,
  protects: false,
  ...one,
})

export const withheld: MatrixRowPublished['inform'] = ['INFORM_BEFORE', 'INFORM_AFTER', 'WITHHOLD']

/** Preventing or detecting unlawful acts, told to a competent authority: ¶10 of Schedule 1, for which ¶10(2) asks for no document. */
export const competentAuthority = { art9: '9-2-g', sch1: 'para-10', needsPolicyDocument: true, competentAuthority: true } as const
