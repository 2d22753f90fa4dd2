/**
 * Chance that can be repeated: numbers that depend on a seed and on nothing else.
 *
 * @module
 */

/** Scrambles a few integers into one of 32 bits (the finaliser of MurmurHash3); equal input, equal output. */
export function mix(...parts: readonly number[]): number {
  let hash = 0x9e3779b9
  for (const part of parts) {
    hash = Math.imul(hash ^ part, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return hash >>> 0
}

export interface Random {
  /** At least 0, less than 1. */
  share(): number
  /** A whole number, at least 0, less than `end`. */
  below(end: number): number
  chance(share: number): boolean
  pick<Item>(items: readonly Item[]): Item
}

/** A stream of numbers (xorshift32). */
export function randomFrom(seed: number): Random {
  let state = mix(seed) || 1
  const share = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x1_0000_0000
  }
  const below = (end: number) => Math.floor(share() * end)
  return {
    share,
    below,
    chance: (wanted) => share() < wanted,
    pick: (items) => items[below(items.length)]!,
  }
}
