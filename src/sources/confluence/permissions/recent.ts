/**
 * Remembers what was made lately.
 *
 * @module
 */

/** Makes a value for a key unless it is at hand; forgets the one not asked for longest. A promise that fails is not remembered. */
export function createRecent<Value extends Promise<unknown>>(
  limit: number,
): (key: string, make: () => Value) => Value {
  const known = new Map<string, Value>()
  return (key, make) => {
    const found = known.get(key)
    if (found !== undefined) {
      known.delete(key)
      known.set(key, found)
      return found
    }
    const made = make()
    known.set(key, made)
    made.catch(() => known.delete(key))
    if (known.size > limit) known.delete(known.keys().next().value!)
    return made
  }
}
