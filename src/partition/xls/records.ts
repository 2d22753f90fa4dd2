/**
 * The records that a workbook of before 2007 is made of ([MS-XLS] 2.1.4), and the values in them.
 *
 * @module
 */

import type { Buffer } from 'node:buffer'
import { damaged } from '../problems.ts'

/** The format, for messages. */
export const what = 'Excel workbook'

export interface XlsRecord {
  readonly type: number
  /** Its own content, then that of the records that continue it. */
  readonly parts: readonly Buffer[]
}

const continued = 0x003c
const begin = 0x0809
const end = 0x000a

/** One part of a workbook from its begin to its end; parts inside of it, as charts are, are left out. */
export function* recordsFrom(stream: Buffer, start: number): Generator<XlsRecord> {
  let at = start
  let depth = 0
  while (at + 4 <= stream.length) {
    const { type, content, next } = recordAt(stream, at)
    if (depth === 0 && type !== begin) return
    at = next
    const parts = [content]
    while (at + 4 <= stream.length && stream.readUInt16LE(at) === continued) {
      const further = recordAt(stream, at)
      parts.push(further.content)
      at = further.next
    }
    if (type === begin) depth += 1
    if (depth === 1) yield { type, parts }
    if (type === end) depth -= 1
    if (depth === 0) return
  }
}

function recordAt(stream: Buffer, at: number) {
  const next = at + 4 + stream.readUInt16LE(at + 2)
  return { type: stream.readUInt16LE(at), content: stream.subarray(at + 4, next), next }
}

/** Takes values off a record, one after the other. All throw `file.damaged` where it ends early. */
export interface Cursor {
  /** Nothing is left. */
  isAtEnd(): boolean
  byte(): number
  word(): number
  long(): number
  double(): number
  /** Passes over so many bytes. */
  skip(count: number): void
  /** Text with its flags before it, which are told again where a further record continues it. @param count characters */
  text(count: number): string
  /** Text of so many UTF-16 units. */
  wideText(count: number): string
}

export function createCursor({ parts }: Pick<XlsRecord, 'parts'>): Cursor {
  let part = 0
  let at = 0

  /** To the next part that holds anything. */
  function advance(): boolean {
    while (part < parts.length && at >= parts[part]!.length) {
      part += 1
      at = 0
    }
    return part < parts.length
  }

  /** So many bytes of one part: values are never cut in two. */
  function take(count: number): Buffer {
    if (!advance() || at + count > parts[part]!.length) throw damaged(what, 'a record in it ends early')
    at += count
    return parts[part]!.subarray(at - count, at)
  }

  const byte = (): number => take(1)[0]!

  function skip(count: number): void {
    for (let left = count; left > 0; ) {
      if (!advance()) throw damaged(what, 'a record in it ends early')
      const step = Math.min(left, parts[part]!.length - at)
      at += step
      left -= step
    }
  }

  /** Characters up to the part's end, then on with the flags of the next. */
  function characters(count: number, firstFlags: number): string {
    let text = ''
    let flags = firstFlags
    for (let left = count; left > 0; ) {
      if (at >= parts[part]!.length) {
        if (!advance()) throw damaged(what, 'a record in it ends early')
        flags = byte()
      }
      const width = flags & 1 ? 2 : 1
      const here = Math.min(left, Math.floor((parts[part]!.length - at) / width))
      if (here === 0) throw damaged(what, 'a text in it is cut inside a character')
      text += take(here * width).toString(width === 2 ? 'utf16le' : 'latin1')
      left -= here
    }
    return text
  }

  return {
    isAtEnd: () => !advance(),
    byte,
    word: () => take(2).readUInt16LE(),
    long: () => take(4).readUInt32LE(),
    double: () => take(8).readDoubleLE(),
    skip,
    text(count) {
      const flags = byte()
      const runs = flags & 8 ? take(2).readUInt16LE() : 0
      const extension = flags & 4 ? take(4).readUInt32LE() : 0
      const text = characters(count, flags)
      skip(runs * 4 + extension)
      return text
    },
    wideText: (count) => take(count * 2).toString('utf16le'),
  }
}
