/**
 * Counts what tells prose from headings and labels, in one pass over a text: letters, words, capitals, sentences.
 *
 * @module
 */

import { isVerb } from './verbs.ts'
import { isSpace } from './whitespace.ts'

export interface Measures {
  /** UTF-16 units that are not white space. */
  readonly visible: number
  readonly letters: number
  /** Words of letters alone, and those of them that begin with a capital. */
  readonly alphabetic: number
  readonly capitalised: number
  /** How many words each sentence has. */
  readonly sentences: readonly number[]
  readonly hasVerb: boolean
}

/** Blocks of punctuation, symbols and emoji; beyond ASCII all else counts as letters. */
function isSymbol(code: number): boolean {
  if (code < 0xc0) return code !== 0xaa && code !== 0xb5 && code !== 0xba
  if (code < 0x2000) return code === 0xd7 || code === 0xf7
  return (
    code < 0x2c00 ||
    (code >= 0x3000 && code <= 0x303f) ||
    (code >= 0xd800 && code <= 0xf8ff) ||
    code >= 0xfe00
  )
}

const [other, whiteSpace, digit, letter] = [0, 1, 2, 3]

function kindOf(code: number): number {
  if (isSpace(code)) return whiteSpace
  if (code >= 128) return isSymbol(code) ? other : letter
  if (code >= 48 && code <= 57) return digit
  const lower = code | 32
  return lower >= 97 && lower <= 122 ? letter : other
}

/** The kinds of ASCII, looked up rather than told: this runs for every character of every document. */
const asciiKinds = Uint8Array.from({ length: 128 }, (_, code) => kindOf(code))

function isCapital(word: string, at: number): boolean {
  const code = word.charCodeAt(at)
  return code < 128 ? code >= 65 && code <= 90 : word[at] !== word[at]!.toLowerCase()
}

/** False for digits and for letters of scripts without case, too. */
function isLowerCase(word: string, at: number): boolean {
  const code = word.charCodeAt(at)
  return code < 128 ? code >= 97 && code <= 122 : word[at] !== word[at]!.toUpperCase()
}

/** What stands between the last letter of a sentence and its end. */
const sentenceEnd = /[.!?]["'”’)]*$/

/** A word: where it stands, how many letters it has, its first and last letter or digit (-1 = none). */
interface Word {
  start: number
  letters: number
  first: number
  last: number
}

function createCounter(text: string) {
  const counted = { visible: 0, letters: 0, alphabetic: 0, capitalised: 0, hasVerb: false }
  const sentences: number[] = []
  let inSentence = 0
  let ended = false

  function endWord({ start, letters, first, last }: Word, end: number): void {
    counted.visible += end - start
    if (first < 0) return
    const capital = isCapital(text, first)
    if (ended && (capital || !isLowerCase(text, first))) {
      sentences.push(inSentence)
      inSentence = 0
    }
    inSentence++
    counted.letters += letters
    if (letters === last - first + 1) {
      counted.alphabetic++
      if (capital) counted.capitalised++
    }
    counted.hasVerb ||= isVerb(text.slice(first, last + 1).toLowerCase())
    ended = last < end - 1 && sentenceEnd.test(text.slice(last + 1, end))
  }

  function finish(): Measures {
    if (inSentence > 0) sentences.push(inSentence)
    return { ...counted, sentences }
  }

  return { endWord, finish }
}

export function measure(text: string): Measures {
  const counter = createCounter(text)
  const word: Word = { start: 0, letters: 0, first: -1, last: -1 }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const kind = code < 128 ? asciiKinds[code] : kindOf(code)
    if (kind === letter || kind === digit) {
      if (kind === letter) word.letters++
      if (word.first < 0) word.first = at
      word.last = at
    } else if (kind === whiteSpace) {
      if (at > word.start) counter.endWord(word, at)
      word.start = at + 1
      word.letters = 0
      word.first = -1
      word.last = -1
    }
  }
  if (text.length > word.start) counter.endWord(word, text.length)
  return counter.finish()
}
