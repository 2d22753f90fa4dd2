/**
 * Looks over a compound file ([MS-CFB]), which Outlook messages are, before a reader follows its references: one that leads in circles, or
 * claims more than it holds, would keep the reader going for ever.
 *
 * @module
 */

import { damaged } from '../problems.ts'

const what = 'Outlook message'
/** Sectors of the table that the head itself names. */
const namedInHead = 109
const entryLength = 128
/** Smaller streams are in the stream of small sectors. */
const smallBelow = 4096

interface Entry {
  readonly start: number
  readonly size: number
  /** The entries that it refers to; -1 for none. */
  readonly references: readonly number[]
}

/** @throws {OutflowError} code `file.damaged` */
export function checkCompound(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.byteLength < 512 || view.getUint32(0) !== 0xd0cf11e0)
    throw damaged(what, 'it does not begin like one')
  const sectorLength = view.getUint8(30) === 12 ? 4096 : 512
  const sectors = Math.floor(view.byteLength / sectorLength)

  const word = (at: number): number => (at >= 0 && at + 4 <= view.byteLength ? view.getInt32(at, true) : -1)
  const offsetOf = (sector: number): number => (sector + 1) * sectorLength
  const wordsIn = (sector: number): number[] =>
    Array.from({ length: sectorLength / 4 }, (_, index) => word(offsetOf(sector) + index * 4))

  /** The sectors of the table that tells each sector's next. */
  function tableSectors(): number[] {
    const named = Array.from({ length: namedInHead }, (_, index) => word(76 + index * 4))
    const further = word(72)
    if (word(44) > sectors || further > sectors) throw damaged(what, 'it claims more than it holds')
    let sector = word(68)
    for (let left = further; left > 0 && sector >= 0; left -= 1) {
      const words = wordsIn(sector)
      sector = words.pop()!
      named.push(...words)
    }
    return named.slice(0, Math.max(0, word(44)))
  }

  const next = tableSectors().flatMap(wordsIn)

  function chainOf(start: number): number[] {
    const chain: number[] = []
    for (let sector = start; sector >= 0 && sector < next.length; sector = next[sector]!) chain.push(sector)
    return chain
  }

  function entryAt(at: number): Entry {
    const used = at + entryLength <= view.byteLength && [1, 2, 5].includes(view.getUint8(at + 66))
    const references = used ? [word(at + 68), word(at + 72), word(at + 76)] : []
    return used
      ? { start: word(at + 116), size: word(at + 120), references }
      : { start: -1, size: 0, references }
  }

  const [directory, small] = [word(48), word(60)]
  refuseCircles(next, [directory, small])
  const smallNext = chainOf(small).flatMap(wordsIn)
  const entries = chainOf(directory).flatMap((sector) =>
    Array.from({ length: sectorLength / entryLength }, (_, index) =>
      entryAt(offsetOf(sector) + index * entryLength),
    ),
  )
  const [root, ...streams] = entries
  const isSmall = ({ size }: Entry): boolean => size < smallBelow
  refuseCircles(next, [
    root?.start ?? -1,
    ...streams.filter((each) => !isSmall(each)).map(({ start }) => start),
  ])
  refuseCircles(
    smallNext,
    streams.filter((each) => isSmall(each) && each.size > 0).map(({ start }) => start),
  )
  refuseCircles(
    entries.flatMap(({ references }) => references),
    [0],
  )
  const size = streams.reduce((sum, each) => sum + (each.size < 0 ? Number.POSITIVE_INFINITY : each.size), 0)
  if (size > view.byteLength) throw damaged(what, 'it claims more than it holds')
}

/** Where each place is the next of one other at most, and a start of none, no way leads back to itself. */
function refuseCircles(next: readonly number[], starts: readonly number[]): void {
  const followers = new Set<number>()
  for (const place of next) {
    if (place < 0) continue
    if (followers.has(place)) throw damaged(what, 'its parts refer to each other in circles')
    followers.add(place)
  }
  if (starts.some((place) => followers.has(place)))
    throw damaged(what, 'its parts refer to each other in circles')
}
