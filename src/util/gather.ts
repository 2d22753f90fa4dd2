/**
 * Single questions that are asked at about the same time, answered by one bulk question.
 *
 * @module
 */

/** How long to wait for others to ask too, in milliseconds. */
const gatheringTime = 5

/**
 * @param askAll keys without an answer are absent from its result
 * @returns asks for one key; a key that is being asked for already is not asked for twice. Nothing is remembered.
 */
export function createGathering<Value>(
  askAll: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): (key: string) => Promise<Value | undefined> {
  const underway = new Map<string, Promise<Value | undefined>>()
  let round: { readonly keys: Set<string>; readonly answers: Promise<ReadonlyMap<string, Value>> } | undefined

  async function openRound(keys: ReadonlySet<string>): Promise<ReadonlyMap<string, Value>> {
    await new Promise<void>((resolve) => {
      setTimeout(resolve, gatheringTime)
    })
    round = undefined
    return askAll([...keys])
  }

  async function ask(key: string): Promise<Value | undefined> {
    if (!round) {
      const keys = new Set<string>()
      round = { keys, answers: openRound(keys) }
    }
    round.keys.add(key)
    return (await round.answers).get(key)
  }

  return (key) => {
    const asked = underway.get(key)
    if (asked) return asked
    const answer = ask(key).finally(() => underway.delete(key))
    underway.set(key, answer)
    return answer
  }
}
