/**
 * Takes an RTF file apart into groups, control words and characters (Rich Text Format 1.9.1, "RTF Syntax").
 *
 * @module
 */

import { damaged, tooMuch } from '../problems.ts'

export interface RtfSink {
  open(): void
  close(): void
  /** A control word, or a control symbol such as `*`. */
  word(name: string, parameter: number | undefined): void
  /** A character, in the code page that is in force. */
  byte(code: number): void
  /** Bytes that stand as they are, such as a picture's. */
  binary(bytes: Uint8Array): void
}

const deepest = 10_000
const longestWord = 32

const [backslash, opening, closing, quote, minus, space, carriageReturn, lineFeed] = [
  0x5c, 0x7b, 0x7d, 0x27, 0x2d, 0x20, 0x0d, 0x0a,
]
const isLetter = (code: number | undefined): boolean =>
  code !== undefined && ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a))
const isDigit = (code: number | undefined): boolean => code !== undefined && code >= 0x30 && code <= 0x39

/**
 * Tells what is in the file, in its order. Groups that are never closed are closed at the end.
 *
 * @throws {OutflowError} code `file.damaged` when it does not begin like RTF; `file.too_much` for groups nested without end
 */
export function scanRtf(bytes: Uint8Array, sink: RtfSink): void {
  if (!startsLikeRtf(bytes)) throw damaged('RTF document', 'it does not begin with {\\rtf')
  let depth = 0
  let at = bytes.indexOf(opening)
  while (at < bytes.length) {
    const code = bytes[at]!
    if (code === backslash) at = control(bytes, at + 1, sink)
    else {
      at += 1
      if (code === opening) {
        depth += 1
        if (depth > deepest) throw tooMuch('RTF document', `groups nested more than ${deepest} deep`)
        sink.open()
      } else if (code === closing) {
        depth -= 1
        if (depth >= 0) sink.close()
        // What follows the document is none of it.
        if (depth <= 0) return
      } else if (code !== carriageReturn && code !== lineFeed && code !== 0) sink.byte(code)
    }
  }
  for (; depth > 0; depth -= 1) sink.close()
}

function startsLikeRtf(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 64))
  return /^(?:\xef\xbb\xbf)?\s*\{\\rtf/.test(head)
}

/** Reads what stands after a backslash; answers where to go on. */
function control(bytes: Uint8Array, start: number, sink: RtfSink): number {
  const code = bytes[start]
  if (code === undefined) return start
  if (code === quote) return hexadecimal(bytes, start + 1, sink)
  if (!isLetter(code)) {
    if (code === carriageReturn || code === lineFeed) sink.word('par', undefined)
    else sink.word(String.fromCharCode(code), undefined)
    return start + 1
  }
  let end = start
  while (isLetter(bytes[end]) && end - start < longestWord) end += 1
  const name = String.fromCharCode(...bytes.subarray(start, end))
  const digits = end + (bytes[end] === minus && isDigit(bytes[end + 1]) ? 1 : 0)
  let after = digits
  while (isDigit(bytes[after]) && after - digits < 10) after += 1
  const parameter = after === digits ? undefined : Number(String.fromCharCode(...bytes.subarray(end, after)))
  if (bytes[after] === space) after += 1
  if (name !== 'bin') {
    sink.word(name, parameter)
    return after
  }
  // A length that leads beyond the end is none: the text behind it is worth more.
  const length = Math.max(0, parameter ?? 0)
  const last = after + length > bytes.length ? after : after + length
  sink.binary(bytes.subarray(after, last))
  return last
}

function hexadecimal(bytes: Uint8Array, start: number, sink: RtfSink): number {
  const value = Number.parseInt(String.fromCharCode(...bytes.subarray(start, start + 2)), 16)
  if (!Number.isNaN(value)) sink.byte(value)
  return start + 2
}
