/**
 * How long texts are in tokens of a language model, under the names that tiktoken gives its encodings.
 *
 * @module
 */

import { strip } from '../kit/whitespace.ts'
import { type Measure, wholeCharacters } from './measure.ts'

/** An encoding takes megabytes and a tenth of a second to load, so only the chosen one is. */
const encodings = {
  r50k_base: () => import('gpt-tokenizer/encoding/r50k_base'),
  p50k_base: () => import('gpt-tokenizer/encoding/p50k_base'),
  p50k_edit: () => import('gpt-tokenizer/encoding/p50k_edit'),
  cl100k_base: () => import('gpt-tokenizer/encoding/cl100k_base'),
  o200k_base: () => import('gpt-tokenizer/encoding/o200k_base'),
  o200k_harmony: () => import('gpt-tokenizer/encoding/o200k_harmony'),
} as const

export type Tokenizer = keyof typeof encodings

/** All encodings that texts can be counted in. */
export const tokenizers = Object.keys(encodings) as Tokenizer[]

/** Of the encodings, no token stands for more bytes than this, so none for more UTF-16 units. */
const widestToken = 128
/** Where the search for the end of so many tokens begins: tokens of prose are about this long. */
const usualToken = 4

/**
 * Counting takes the square of what stands without a word's end, such as a ruler of dashes or white space without end. Texts with such a run
 * are counted piece by piece, which may come to a token more for each piece and never to one less.
 */
const runLength = 250
const longRun = /\S{250}|\s{250}/

/** Texts that look like control tokens are texts. */
const asText = { disallowedSpecial: new Set<string>() }

/** Counts the tokens of an encoding. */
export async function tokenMeasure(tokenizer: Tokenizer): Promise<Measure> {
  const { isWithinTokenLimit } = await encodings[tokenizer]()
  const exactly = (text: string, limit: number) => {
    const count = isWithinTokenLimit(text, limit, asText)
    return count === false ? Infinity : count
  }
  const size = (text: string, limit: number) => {
    if (text.length > limit * widestToken) return Infinity
    if (!longRun.test(text)) return exactly(text, limit)
    let sum = 0
    for (let at = 0; at < text.length && sum <= limit; ) {
      const end = at + wholeCharacters(text.slice(at, at + runLength + 1), runLength)
      sum += exactly(text.slice(at, end), limit)
      at = end
    }
    return sum
  }
  const fits = (text: string, limit: number) => size(text, limit) <= limit
  return {
    size,
    reach: (text, limit) =>
      wholeCharacters(
        text,
        longestFitting(text.length, limit, (end) => fits(text.slice(0, end), limit)),
      ),
    tail: (text, limit) =>
      strip(
        wholeWords(
          text,
          longestFitting(text.length, limit, (units) => fits(text.slice(-units), limit)),
        ),
      ),
    widest: widestToken,
    gap: size('\n\n', Number.MAX_SAFE_INTEGER),
    leastTable: 15,
  }
}

/** The largest length that fits, found by doubling and halving; 0 when none does. */
function longestFitting(length: number, limit: number, fits: (length: number) => boolean): number {
  let fitting = 0
  let tooLong = Math.max(1, limit * usualToken)
  while (tooLong <= length && fits(tooLong)) {
    fitting = tooLong
    tooLong *= 2
  }
  if (tooLong > length) {
    if (fits(length)) return length
    tooLong = length
  }
  while (tooLong - fitting > 1) {
    const middle = (fitting + tooLong) >> 1
    if (fits(middle)) fitting = middle
    else tooLong = middle
  }
  return fitting
}

/** The last so many units of a text, from the beginning of a word on, if one begins there. */
function wholeWords(text: string, units: number): string {
  const from = text.length - units
  const space = from === 0 ? from : text.indexOf(' ', from - 1)
  return text.slice(space === -1 ? wholeCharacters(text, from) : space)
}
