/**
 * Broken files: what is done to a good one so that it is none any more, by a seed that tells it all.
 *
 * @module
 */

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

type Mutation = (bytes: Buffer, random: () => number) => Buffer

const at = (bytes: Buffer, random: () => number) => Math.floor(random() * bytes.length)

/** Bytes with a meaning in many formats: ends of ranges, quotes, brackets. */
const telling = [0, 1, 0x7f, 0x80, 0xff, 0x22, 0x27, 0x28, 0x3c, 0x3e, 0x5b, 0x7b, 0x0a]

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const changed = Buffer.from(bytes)
    for (let count = 1 + Math.floor(random() * 8); count > 0; count -= 1)
      changed[at(changed, random)]! ^= 1 << Math.floor(random() * 8)
    return changed
  },
  (bytes, random) => {
    const changed = Buffer.from(bytes)
    for (let count = 1 + Math.floor(random() * 4); count > 0; count -= 1)
      changed[at(changed, random)] = telling[Math.floor(random() * telling.length)]!
    return changed
  },
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random) => {
    const [from, length] = [at(bytes, random), Math.floor(random() * 64)]
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)])
  },
  (bytes, random) => {
    const [from, length, to] = [at(bytes, random), 1 + Math.floor(random() * 256), at(bytes, random)]
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, from + length), bytes.subarray(to)])
  },
  (bytes, random) => {
    const changed = Buffer.from(bytes)
    const place = Math.max(0, at(changed, random) - 4)
    if (changed.length >= 4)
      changed.writeUInt32LE(
        [0, 0xffffffff, 0x7fffffff, 0x80000000][Math.floor(random() * 4)]!,
        Math.min(place, changed.length - 4),
      )
    return changed
  },
]

/** One to three mutations, one after the other. */
export function mutated(bytes: Buffer, seed: number): Buffer {
  const random = randomOf(seed)
  let changed = bytes
  for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1)
    changed = mutations[Math.floor(random() * mutations.length)]!(changed, random)
  return changed
}
