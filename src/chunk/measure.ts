/**
 * How long texts are: in code points, as the reference counts characters. Tokens, the other way to count, are in `tokens.ts`.
 *
 * @module
 */

import { strip } from '../kit/whitespace.ts'

/** A way to count. */
export interface Measure {
  /** The size of a text: exact up to `limit`; of what is larger, any number above it. */
  size(text: string, limit: number): number
  /** How many UTF-16 units of the text's beginning have at most this size; at least one character of a text that has any. */
  reach(text: string, limit: number): number
  /** The last of a text, of about this size, white space at its ends taken off. */
  tail(text: string, size: number): string
  /** How many UTF-16 units a size of 1 can span at most. */
  readonly widest: number
  /** The size of what stands between two elements of a chunk. */
  readonly gap: number
  /** Below this size of a chunk, tables are cut as text: their markup alone would be longer. */
  readonly leastTable: number
}

const isHigh = (code: number) => code >= 0xd800 && code <= 0xdbff
const isLow = (code: number) => code >= 0xdc00 && code <= 0xdfff

/** Whether an index lies between the two halves of one character. */
function splitsPair(text: string, at: number): boolean {
  return at > 0 && at < text.length && isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1))
}

/** The index itself, or the one before where it would cut a character in two; never less than one character. */
export function wholeCharacters(text: string, at: number): number {
  const whole = splitsPair(text, at) ? at - 1 : at
  return whole > 0 ? whole : Math.min(text.length, splitsPair(text, 1) ? 2 : 1)
}

function codePoints(text: string): number {
  let count = text.length
  for (let at = 1; at < text.length; at++) if (isLow(text.charCodeAt(at)) && splitsPair(text, at)) count--
  return count
}

/** Index behind so many code points. */
function forwards(text: string, count: number): number {
  let at = 0
  for (let left = count; left > 0 && at < text.length; left--) at += splitsPair(text, at + 1) ? 2 : 1
  return at
}

/** Index of the first of the last so many code points. */
function backwards(text: string, count: number): number {
  let at = text.length
  for (let left = count; left > 0 && at > 0; left--) at -= splitsPair(text, at - 1) ? 2 : 1
  return at
}

/** Counts code points: an emoji is 1. */
export const characters: Measure = {
  size: codePoints,
  reach: (text, limit) => Math.max(forwards(text, limit), wholeCharacters(text, 0)),
  tail: (text, size) => strip(text.slice(backwards(text, size))),
  widest: 2,
  gap: 2,
  leastTable: 50,
}
