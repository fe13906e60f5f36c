/** The lawful basis of one event, in the letters of UK GDPR and the paragraphs of DPA 2018 Schedule 1. */
export type LawfulBasis = {
  readonly art6: string
  readonly art9?: string | undefined
  readonly sch1?: string | undefined
  readonly provision?: string | undefined
}
