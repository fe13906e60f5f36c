/** A step of a schema's history. Applied once, in order, each in a transaction of its own; never edited after it has shipped. */
export type SqlMigration = { readonly name: string; readonly sql: string }
