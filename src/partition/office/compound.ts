/**
 * Reads compound files ([MS-CFB]), which office documents of before 2007 are: streams by name, cut into sectors that tables chain together.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { damaged } from '../problems.ts'

export interface Compound {
  /** Names of the streams at its root; those of documents inside this one are left out. */
  readonly names: readonly string[]
  /** @throws {OutflowError} code `file.damaged`; `undefined` when there is no such stream */
  read(name: string): Buffer | undefined
}

/** A run of equal sectors, each of which a table tells the next of. */
interface Chains {
  readonly next: readonly number[]
  readonly sectorLength: number
  /** Content of one sector; shorter where the file ends. */
  readonly sector: (index: number) => Buffer
}

interface Entry {
  readonly name: string
  readonly isStream: boolean
  readonly start: number
  readonly size: number
  readonly left: number
  readonly right: number
  readonly child: number
}

const headLength = 512
const entryLength = 128
/** Sectors of the table that the head names itself. */
const namedInHead = 109
/** Larger numbers of sectors and entries mean that there is none. */
const mostSectors = 0xff_ff_ff_fa
const smallSector = 64
const smallBelow = 4096

/**
 * @param what the format, for messages
 * @throws {OutflowError} code `file.damaged`
 */
export function openCompound(bytes: Uint8Array, what: string): Compound {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (content.length < headLength || content.readUInt32BE(0) !== 0xd0_cf_11_e0)
    throw damaged(what, 'it does not begin like one')
  const large = largeSectors(content, what)
  const entries = entriesIn(readChain(large, content.readUInt32LE(48), what))
  const [root] = entries
  if (!root) throw damaged(what, 'it has no directory')
  const streams = streamsBelow(root, entries)
  let small: Chains | undefined

  function read(name: string): Buffer | undefined {
    const entry = streams.get(name)
    if (!entry) return undefined
    if (entry.size > content.length) throw damaged(what, 'it claims more than it holds')
    if (entry.size < smallBelow) small ??= smallSectors(large, content.readUInt32LE(60), root!, what)
    const chains = entry.size < smallBelow ? small! : large
    return readChain(chains, entry.start, what).subarray(0, entry.size)
  }

  return { names: [...streams.keys()], read }
}

function largeSectors(content: Buffer, what: string): Chains {
  const sectorLength = content.readUInt16LE(30) === 12 ? 4096 : 512
  const sectors = Math.ceil(content.length / sectorLength)
  const sector = (index: number): Buffer =>
    content.subarray((index + 1) * sectorLength, (index + 2) * sectorLength)

  /** The sectors of the table itself: the first are in the head, the others in a chain of their own. */
  function tableSectors(): readonly number[] {
    const count = Math.min(content.readUInt32LE(44), sectors)
    const named = numbersIn(content.subarray(76, 76 + namedInHead * 4))
    let further = content.readUInt32LE(68)
    for (let left = sectors; named.length < count && further < mostSectors; left -= 1) {
      if (left === 0) throw damaged(what, circles)
      const numbers = numbersIn(sector(further))
      further = numbers.pop() ?? mostSectors
      for (const number of numbers) named.push(number)
    }
    return named.slice(0, count).filter((number) => number < sectors)
  }

  return { next: tableSectors().flatMap((index) => numbersIn(sector(index))), sectorLength, sector }
}

/** They are inside of one large stream, which the root's entry names. */
function smallSectors(large: Chains, table: number, root: Entry, what: string): Chains {
  const all = readChain(large, root.start, what)
  return {
    next: numbersIn(readChain(large, table, what)),
    sectorLength: smallSector,
    sector: (index) => all.subarray(index * smallSector, (index + 1) * smallSector),
  }
}

const circles = 'its parts refer to each other in circles'

function readChain({ next, sector }: Chains, start: number, what: string): Buffer {
  const parts: Buffer[] = []
  for (let index = start; index < next.length; index = next[index]!) {
    if (parts.length > next.length) throw damaged(what, circles)
    parts.push(sector(index))
  }
  return Buffer.concat(parts)
}

const numbersIn = (content: Buffer): number[] =>
  Array.from({ length: Math.floor(content.length / 4) }, (_, index) => content.readUInt32LE(index * 4))

const entriesIn = (directory: Buffer): readonly Entry[] =>
  Array.from({ length: Math.floor(directory.length / entryLength) }, (_, index) =>
    entryOf(directory.subarray(index * entryLength, (index + 1) * entryLength)),
  )

function entryOf(content: Buffer): Entry {
  const nameLength = Math.min(Math.max(content.readUInt16LE(64) - 2, 0), 62)
  return {
    name: content.toString('utf16le', 0, nameLength),
    isStream: content[66] === 2,
    ...{ left: content.readUInt32LE(68), right: content.readUInt32LE(72), child: content.readUInt32LE(76) },
    ...{ start: content.readUInt32LE(116), size: content.readUInt32LE(120) },
  }
}

/** Siblings are a tree; each entry is met once, wherever the references lead. */
function streamsBelow(root: Entry, entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const streams = new Map<string, Entry>()
  const seen = new Set<number>()
  const pending = [root.child]
  while (pending.length > 0) {
    const index = pending.pop()!
    const entry = entries[index]
    if (!entry || seen.has(index)) continue
    seen.add(index)
    if (entry.isStream) streams.set(entry.name, entry)
    pending.push(entry.left, entry.right)
  }
  return streams
}
