/**
 * Counts what tells prose from headings and labels, in one pass over a text: letters, words, capitals, sentences.
 *
 * @module
 */

import { isVerb } from './verbs.ts'
import { words } from './whitespace.ts'

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

function isLetter(code: number): boolean {
  const lower = code | 32
  return code < 128 ? lower >= 97 && lower <= 122 : !isSymbol(code)
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

function isCapital(word: string, at: number): boolean {
  const code = word.charCodeAt(at)
  return code < 128 ? code >= 65 && code <= 90 : word[at] !== word[at]!.toLowerCase()
}

/** False for digits and for letters of scripts without case, too. */
const isLowerCase = (word: string, at: number): boolean => word[at] !== word[at]!.toUpperCase()

const sentenceEnd = /[.!?]["'”’)]*$/

interface Word {
  readonly letters: number
  /** First and last letter or digit; -1 when there is none. */
  readonly first: number
  readonly last: number
}

function readWord(word: string): Word {
  let letters = 0
  let first = -1
  let last = -1
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at)
    const letter = isLetter(code)
    if (letter) letters++
    else if (!isDigit(code)) continue
    if (first < 0) first = at
    last = at
  }
  return { letters, first, last }
}

export function measure(text: string): Measures {
  const sentences: number[] = []
  let [visible, letters, alphabetic, capitalised, inSentence] = [0, 0, 0, 0, 0]
  let hasVerb = false
  let ended = false
  for (const word of words(text)) {
    const read = readWord(word)
    visible += word.length
    letters += read.letters
    if (read.first < 0) continue
    const capital = isCapital(word, read.first)
    if (ended && (capital || !isLowerCase(word, read.first))) {
      sentences.push(inSentence)
      inSentence = 0
    }
    inSentence++
    if (read.letters === read.last - read.first + 1) {
      alphabetic++
      if (capital) capitalised++
    }
    hasVerb ||= isVerb(word.slice(read.first, read.last + 1).toLowerCase())
    ended = read.last < word.length - 1 && sentenceEnd.test(word)
  }
  if (inSentence > 0) sentences.push(inSentence)
  return { visible, letters, alphabetic, capitalised, sentences, hasVerb }
}
