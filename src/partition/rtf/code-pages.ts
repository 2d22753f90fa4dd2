/**
 * Characters of RTF files: code pages by number and by a font's character set, and words that are characters.
 *
 * @module
 */

import { TextDecoder } from 'node:util'

/** Those whose name is not `windows-` and their number. */
const names: Readonly<Record<number, string>> = {
  866: 'ibm866',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  20866: 'koi8-r',
  54936: 'gb18030',
  65001: 'utf-8',
}

/** Code pages by the character sets of fonts (`\fcharset`). Absent: that of the document. */
const pages: Readonly<Record<number, number>> = {
  77: 10_000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
}

const decoders = new Map<number, TextDecoder>()

/** Windows' western code page stands in for one that is not known. */
export function decoderOf(page: number): TextDecoder {
  const made = decoders.get(page) ?? makeDecoder(names[page] ?? `windows-${page}`)
  decoders.set(page, made)
  return made
}

function makeDecoder(name: string): TextDecoder {
  try {
    return new TextDecoder(name)
  } catch {
    return new TextDecoder('windows-1252')
  }
}

/** The code page of a font's character set; undefined when it is the document's. */
export const pageOfCharacterSet = (set: number): number | undefined => pages[set]

/** Control words and symbols that are characters. */
export const characters: Readonly<Record<string, string>> = {
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  tab: '\t',
  emspace: '\u2003',
  enspace: '\u2002',
  zwj: '\u200d',
  zwnj: '\u200c',
  '~': '\u00a0',
  _: '‑',
  '\\': '\\',
  '{': '{',
  '}': '}',
}
