/**
 * What kind of text a piece of text is, judged by its looks: bullet, e-mail address, postal address, narrative, title. English
 * is assumed where grammar is asked for, as in the reference. No model: a verb is known by a short lexicon and by its ending.
 *
 * @module
 */

import { type Measures, measure } from './text-measure.ts'
import { strip, words } from './whitespace.ts'

/** Pattern of one character that stands in front of items. */
export const bullet =
  '[\\x95\\u2022\\u2023\\u2043\\u3164\\u204c\\u204d\\u2219\\u25cb\\u25cf\\u25d8\\u25e6\\u2619\\u2765\\u2767\\u29be\\u29bf\\uf0b7\\-\\u2013*\\xb7]'
const leadingBullet = new RegExp(`^\\s*${bullet}(?!${bullet})`)

/** Whether the text starts with one bullet character (two are a line, not a bullet). */
export function isBulleted(text: string): boolean {
  const first = text.charCodeAt(0)
  const isPlain = first >= 48 && first < 128
  return !isPlain && leadingBullet.test(text)
}

/** The text without its bullet; unchanged when there is none. */
export function withoutBullet(text: string): string {
  return isBulleted(text) ? strip(strip(text).slice(1)) : text
}

const emailAddress = /^[a-z0-9.\-+_]+@[a-z0-9.\-+_]+\.[a-z]+/i

/** Whether the text starts with an e-mail address. */
export const isEmailAddress = (text: string): boolean => emailAddress.test(text)

const states =
  'alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|iowa|kansas|' +
  'kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|' +
  'new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island|south carolina|' +
  'south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming|district of columbia|puerto rico|' +
  'a[klrz]|c[aot]|d[ce]|fl|ga|hi|i[adln]|k[sy]|la|m[adeinost]|n[cdehjmvy]|o[hkr]|pa|pr|ri|s[cd]|t[nx]|ut|v[at]|w[aivy]'
const cityStateZip = new RegExp(`^[a-z][a-z .'-]{0,60},\\s?(?:${states}),?\\s+\\d{5}(?:-\\d{4})?\\b`, 'i')

/** Whether the text starts like `Springfield, IL 62701`. */
export const isUsCityStateZip = (text: string): boolean =>
  text.includes(',') && cityStateZip.test(strip(text))

/** Letters must make up at least this share of what is not white space. */
const letterShare = 0.5
/** More than this share of capitalised words makes a heading rather than a sentence. */
const capitalShare = 0.5

const numeric = /^[\p{N}\s]+$/u
const endsInPunctuation = /[!-/:-@[-`{-~]$/

const sentencesOf = ({ sentences }: Measures, shortest: number): number =>
  sentences.filter((length) => length >= shortest).length

/** How many sentences have at least `shortest` words. */
export const countSentences = (text: string, shortest = 1): number => sentencesOf(measure(text), shortest)

const fewLetters = ({ letters, visible }: Measures): boolean => visible > 0 && letters / visible < letterShare

/** Whether less than half of what can be seen are letters; false for a blank text. */
export const hasFewLetters = (text: string): boolean => fewLetters(measure(text))

function capitalisedLikeHeading(text: string, measures: Measures, share: number): boolean {
  if (sentencesOf(measures, 3) > 1) return false
  const { alphabetic, capitalised } = measures
  if (alphabetic === 0 || capitalised / alphabetic > share) return true
  return capitalised > 0 && text === text.toUpperCase()
}

/** Whether the text is capitalised like a heading: one sentence, all upper case or mostly capitalised words. */
export const isCapitalised = (text: string, share = capitalShare): boolean =>
  capitalisedLikeHeading(text, measure(text), share)

/** Whether there is a verb in the text. */
export const hasVerb = (text: string): boolean => measure(text).hasVerb

/** A text says what it is within so many UTF-16 units; the rest is not looked at. */
const telling = 400

/** Whether the text reads like running prose. */
export function isNarrative(whole: string, capitals = capitalShare): boolean {
  const text = whole.length > telling ? whole.slice(0, telling) : whole
  const measures = measure(text)
  if (fewLetters(measures) || capitalisedLikeHeading(text, measures, capitals)) return false
  return measures.hasVerb || sentencesOf(measures, 3) >= 2
}

/** Whether the text could be a heading. */
export function isTitle(text: string): boolean {
  const stripped = strip(text)
  if (stripped === '' || numeric.test(stripped) || stripped.endsWith(',')) return false
  if (stripped === stripped.toUpperCase() && endsInPunctuation.test(stripped)) return false
  const measures = measure(stripped)
  return !fewLetters(measures) && words(stripped).length <= 12 && sentencesOf(measures, 5) <= 1
}
