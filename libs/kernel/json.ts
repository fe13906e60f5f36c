/** JSON as it is stored: what RFC 8785 can write down and every store gives back unchanged. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export type JsonObject = { readonly [key: string]: JsonValue }
