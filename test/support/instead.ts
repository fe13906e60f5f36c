/** The same, with some methods replaced. */
export const instead = <T extends object>(real: T, methods: Partial<Record<keyof T, unknown>>): T =>
  new Proxy(real, {
    get: (target, name) => {
      if (name in methods) return methods[name as keyof T]
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value
    },
  })
