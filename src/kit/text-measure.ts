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

/** Where the pass stands: what is counted so far, and the word being read. */
interface Progress {
  visible: number
  letters: number
  alphabetic: number
  capitalised: number
  hasVerb: boolean
  readonly sentences: number[]
  /** Words in the sentence being read; whether the last one ended it, should a capital follow. */
  inSentence: number
  ended: boolean
  /** The word being read: where it begins, its letters, its first and last letter or digit (-1 = none). */
  start: number
  wordLetters: number
  first: number
  last: number
}

const beginning = (): Progress => ({
  visible: 0,
  letters: 0,
  alphabetic: 0,
  capitalised: 0,
  hasVerb: false,
  sentences: [],
  inSentence: 0,
  ended: false,
  start: 0,
  wordLetters: 0,
  first: -1,
  last: -1,
})

function endWord(progress: Progress, text: string, end: number): void {
  const { first, last, wordLetters } = progress
  progress.visible += end - progress.start
  if (first < 0) return
  const capital = isCapital(text, first)
  if (progress.ended && (capital || !isLowerCase(text, first))) endSentence(progress)
  progress.inSentence++
  progress.letters += wordLetters
  if (wordLetters === last - first + 1) {
    progress.alphabetic++
    if (capital) progress.capitalised++
  }
  progress.hasVerb ||= isVerb(text.slice(first, last + 1).toLowerCase())
  progress.ended = last < end - 1 && sentenceEnd.test(text.slice(last + 1, end))
}

function endSentence(progress: Progress): void {
  if (progress.inSentence > 0) progress.sentences.push(progress.inSentence)
  progress.inSentence = 0
}

export function measure(text: string): Measures {
  const progress = beginning()
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const kind = code < 128 ? asciiKinds[code] : kindOf(code)
    if (kind === letter || kind === digit) {
      if (kind === letter) progress.wordLetters++
      if (progress.first < 0) progress.first = at
      progress.last = at
    } else if (kind === whiteSpace) {
      if (at > progress.start) endWord(progress, text, at)
      progress.start = at + 1
      progress.wordLetters = 0
      progress.first = -1
      progress.last = -1
    }
  }
  if (text.length > progress.start) endWord(progress, text, text.length)
  endSentence(progress)
  return progress
}
