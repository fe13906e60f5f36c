/** Each scope has a key of its own per subject, so that part of a record can be erased while the rest is kept (C64). */
export const scopes = ['REF', 'ID', 'CON', 'EMP', 'HLT', 'DEM', 'CRM', 'RISK', 'NARR', '3P', 'CORR', 'EVID'] as const
export type Scope = (typeof scopes)[number]

/** Everything that dies with the person. EVID, the evidence that we complied, has a retention of its own. */
export const erasableScopes = scopes.filter((scope): scope is Exclude<Scope, 'EVID'> => scope !== 'EVID')

/** The kinds of personal data. Anonymised aggregates (C30) are none, and are never sealed. */
export const categories = [
  'ID',
  'CON',
  'EMP',
  'ENG',
  'OUT',
  'HLT',
  'DEM-G',
  'DEM-SL',
  'DEM-SO',
  'DEM-RE',
  'DEM-RB',
  'CRM',
  'CJ',
  'RSK',
  'SG',
] as const
export type Category = (typeof categories)[number]
/** Of a field by its code, `<category>.<name>`. */
export const categoryOf = (field: string) => field.slice(0, field.indexOf('.')) as Category

/** UK GDPR Article 9: health, sex life and orientation, race, religion. Gender is protected like them, and is not on the Article's list. */
export const isSpecial = (category: Category) => ['HLT', 'DEM-SL', 'DEM-SO', 'DEM-RE', 'DEM-RB'].includes(category)
/** Who somebody says that they are. */
export const demographics: readonly Category[] = categories.filter(category => category.startsWith('DEM-'))
/** UK GDPR Article 10: offences, and what the criminal justice system does about them. */
export const isCriminal = (category: Category) => category === 'CRM' || category === 'CJ'

/** The closed table from category to key scope (ADR-0002). */
export const scopeOfCategory: { readonly [C in Category]: Scope } = {
  ID: 'ID',
  CON: 'CON',
  EMP: 'EMP',
  ENG: 'EMP',
  OUT: 'EMP',
  HLT: 'HLT',
  'DEM-G': 'DEM',
  'DEM-SL': 'DEM',
  'DEM-SO': 'DEM',
  'DEM-RE': 'DEM',
  'DEM-RB': 'DEM',
  CRM: 'CRM',
  CJ: 'CRM',
  RSK: 'RISK',
  SG: 'RISK',
}
