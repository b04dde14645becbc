/**
 * An object that passes for another but for some of its members: what is said to the rest is said to the other itself, private
 * members included.
 */

/** `target` with other members in the place of those of the same names. */
export function substitute<Target extends object>(target: Target, others: Partial<Target>): Target {
  return new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(others, name)) return Reflect.get(others, name)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
