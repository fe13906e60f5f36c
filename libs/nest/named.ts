/** Gives a class that is made from a declaration the name that the API's document, the bus and the record call it by. */
export function named<T extends abstract new (...args: never) => unknown>(name: string, type: T): T {
  Object.defineProperty(type, 'name', { value: name })
  return type
}
