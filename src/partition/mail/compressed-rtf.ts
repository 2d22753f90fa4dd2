/**
 * Unpacks the RTF that Outlook keeps of a message's text ([MS-OXRTFCP]: Rich Text Format Compression).
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { damaged, tooMuch } from '../problems.ts'

const headLength = 16
const packedMark = 0x75_46_5a_4c
const plainMark = 0x41_4c_45_4d
/** The packer's window. It begins with words that every RTF file has, as the format prescribes. */
const windowLength = 4096
const prefilled = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  'latin1',
)
const mostBytes = 100_000_000

/** @throws {OutflowError} codes `file.damaged`, `file.too_much` */
export function unpackRtf(packed: Uint8Array): Buffer {
  if (packed.byteLength < headLength) throw damaged('Outlook message', 'its text is cut short')
  const head = new DataView(packed.buffer, packed.byteOffset, headLength)
  const size = head.getUint32(4, true)
  const mark = head.getUint32(8, true)
  if (size > mostBytes) throw tooMuch('Outlook message', `more than ${mostBytes / 1_000_000} MB of text`)
  if (mark === plainMark) return Buffer.from(packed.subarray(headLength, headLength + size))
  if (mark !== packedMark) throw damaged('Outlook message', 'its text is packed in a way that is not known')
  return inflate(packed, size)
}

function inflate(packed: Uint8Array, size: number): Buffer {
  const window = Buffer.alloc(windowLength)
  prefilled.copy(window)
  let to = prefilled.length
  const text = Buffer.alloc(size)
  let length = 0
  let at = headLength

  function put(byte: number): void {
    window[to] = byte
    to = (to + 1) % windowLength
    if (length < size) text[length] = byte
    length += 1
  }

  /** Copies from the window; false at the end of the text, which is a reference to the place that is written next. */
  function copy(reference: number): boolean {
    let from = reference >> 4
    if (from === to) return false
    for (let left = (reference & 0xf) + 2; left > 0; left -= 1) {
      put(window[from]!)
      from = (from + 1) % windowLength
    }
    return true
  }

  while (at < packed.length && length < size) {
    let kinds = packed[at]!
    at += 1
    for (let bit = 0; bit < 8 && at < packed.length; bit += 1, kinds >>= 1) {
      if ((kinds & 1) === 0) put(packed[at]!)
      else if (!copy((packed[at]! << 8) | (packed[at + 1] ?? 0)))
        return text.subarray(0, Math.min(length, size))
      at += 1 + (kinds & 1)
    }
  }
  return text.subarray(0, Math.min(length, size))
}
