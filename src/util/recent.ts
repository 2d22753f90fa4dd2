/**
 * A bounded memory of answers: the least recently used one is forgotten first, and a failed one at once.
 *
 * @module
 */

/** @param most how much weight is kept; @param weigh weight of an answer, 1 where not given */
export function createRecent<Value>(
  most: number,
  weigh: (value: Value) => number = () => 1,
): (key: string, find: () => Promise<Value>) => Promise<Value> {
  const kept = new Map<string, { readonly answer: Promise<Value>; weight: number }>()
  let total = 0

  function forget(key: string): void {
    total -= kept.get(key)?.weight ?? 0
    kept.delete(key)
  }

  async function settle(key: string, answer: Promise<Value>): Promise<void> {
    try {
      const entry = kept.get(key)
      const weight = weigh(await answer)
      if (!entry || kept.get(key) !== entry) return
      entry.weight = weight
      total += weight
      for (const [oldest, { weight: lost }] of kept) {
        if (total <= most) break
        if (lost > 0) forget(oldest)
      }
    } catch {
      forget(key)
    }
  }

  return (key, find) => {
    const entry = kept.get(key)
    if (entry) {
      kept.delete(key)
      kept.set(key, entry)
      return entry.answer
    }
    const answer = find()
    kept.set(key, { answer, weight: 0 })
    void settle(key, answer)
    return answer
  }
}
