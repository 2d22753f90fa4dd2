/**
 * Which languages a document is written in, as ISO 639-3 codes.
 *
 * @module
 */

import type { Element } from '../model/element.ts'
import { words } from './whitespace.ts'

/** ISO 639-1 to 639-3, for the languages that the detector knows; all Chinese is `zho`. */
const iso639: Readonly<Record<string, string>> = {
  am: 'amh',
  ar: 'ara',
  az: 'aze',
  be: 'bel',
  bg: 'bul',
  bn: 'ben',
  ca: 'cat',
  cs: 'ces',
  da: 'dan',
  de: 'deu',
  el: 'ell',
  en: 'eng',
  es: 'spa',
  et: 'est',
  eu: 'eus',
  fa: 'fas',
  fi: 'fin',
  fr: 'fra',
  gu: 'guj',
  he: 'heb',
  hi: 'hin',
  hr: 'hrv',
  hu: 'hun',
  hy: 'hye',
  is: 'isl',
  it: 'ita',
  ja: 'jpn',
  ka: 'kat',
  kn: 'kan',
  ko: 'kor',
  ku: 'kur',
  lo: 'lao',
  lt: 'lit',
  lv: 'lav',
  ml: 'mal',
  mr: 'mar',
  ms: 'msa',
  nl: 'nld',
  no: 'nor',
  or: 'ori',
  pa: 'pan',
  pl: 'pol',
  pt: 'por',
  ro: 'ron',
  ru: 'rus',
  sk: 'slk',
  sl: 'slv',
  sq: 'sqi',
  sr: 'srp',
  sv: 'swe',
  ta: 'tam',
  te: 'tel',
  th: 'tha',
  tl: 'tgl',
  tr: 'tur',
  uk: 'ukr',
  ur: 'urd',
  vi: 'vie',
  yo: 'yor',
  zh: 'zho',
}

/** How much text the detector, and how much the look at frequent words is given. More tells nothing new. UTF-16 units. */
const detectorSample = 200
const wordSample = 600

const isAscii = (text: string): boolean => !/[\u0080-\uffff]/.test(text)

/** Frequent English words that no other language shares. */
const englishWords: ReadonlySet<string> = new Set(
  `the and with that this these those then than from are you your have has which their there been would should could what when where
  into our not about more how other only each both they them its don't you're it's using used`.split(/\s+/),
)

/** Whether one word in twelve, and two at least, are plainly English: then no detector need be asked. */
function isPlainlyEnglish(sample: readonly string[]): boolean {
  const hits = sample.reduce((count, word) => (englishWords.has(word) ? count + 1 : count), 0)
  return hits >= 2 && hits * 12 >= sample.length
}

/**
 * The languages of a text; undefined when it is blank or nothing fits. Short ASCII texts count as English, as in the reference. The
 * detector's data (1.6 MB) is loaded when it is first needed.
 */
export async function detectLanguages(text: string): Promise<string[] | undefined> {
  const sample = words(text.slice(0, wordSample))
  if (sample.length === 0) return undefined
  if (isPlainlyEnglish(sample) || (sample.length < 5 && isAscii(text))) return ['eng']
  const { eld } = await import('eld/small')
  const language = iso639[eld.detect(text.slice(0, detectorSample)).language]
  return language === undefined ? undefined : [language]
}

export interface LanguageOptions {
  /** ISO 639-3 codes to set as they are; `['auto']` detects; `['']` sets none. Default `['auto']`. */
  readonly languages?: readonly string[]
  /** Detect for each element rather than for the document as a whole. */
  readonly perElement?: boolean
}

/** The beginning of a document, as much as the detector looks at; code tells no language, unless there is nothing else. */
function documentSample(elements: readonly Element[]): string {
  const prose = sampleOf(elements.filter(({ type }) => type !== 'CodeSnippet'))
  return prose === '' ? sampleOf(elements) : prose
}

function sampleOf(elements: readonly Element[]): string {
  let sample = ''
  for (const { text } of elements) {
    if (sample.length > wordSample) break
    if (text !== '') sample += sample === '' ? text : ` ${text}`
  }
  return sample
}

/** Sets `metadata.languages` on every element with text to go by. */
export async function assignLanguages(
  elements: readonly Element[],
  { languages = ['auto'], perElement = false }: LanguageOptions,
): Promise<void> {
  if (languages[0] === '' || elements.length === 0) return
  const detect = languages[0] === 'auto' ? detectLanguages : async () => [...languages]
  const shared = perElement ? undefined : await detect(documentSample(elements))
  for (const element of elements) {
    const found = perElement ? await detect(element.text) : shared
    if (found !== undefined) element.metadata.languages = found
  }
}
