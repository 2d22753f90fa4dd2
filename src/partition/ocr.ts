/**
 * Reads text in pictures, with Tesseract (tesseract.js, an optional package) and language data that is on this machine. Nothing is ever
 * fetched from anywhere.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Line, Page, Worker } from 'tesseract.js'
import type { Element, ElementMetadata } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import { elementFromText, isBulletItem, isNumberedItem } from './element-from-text.ts'
import { damaged } from './problems.ts'

/** In pixels from the picture's top left corner. */
export type PixelBox = readonly [left: number, top: number, right: number, bottom: number]

/** A line of text as it is seen in a picture. */
export interface RecognisedLine {
  readonly text: string
  readonly box: PixelBox
  /** Lines of one paragraph have the same number; numbers rise in reading order. */
  readonly paragraph: number
}

export interface RecogniseOptions {
  /** Folder with Tesseract's language data. */
  readonly tessdata: string
  /** By the names of that data: `eng`, `chi_sim`. */
  readonly languages: readonly string[]
  readonly signal: AbortSignal
}

interface Picture {
  /** PNG or JPEG. */
  readonly pixels: Uint8Array
}

interface Reader {
  /** What it was made for: folder and languages. */
  readonly purpose: string
  readonly worker: Promise<Worker>
}

/** A reader takes seconds to make and some hundred megabytes to hold, so it stays for a while and goes then. */
const restingMilliseconds = 20_000
/** Of language data; Tesseract 5 knows 24. */
const mostParts = 64

let reader: Reader | undefined
let busy = 0
let goingHome: NodeJS.Timeout | undefined

/**
 * The lines of text in a picture, in reading order. The reader is kept for further pictures, until it has rested for a while.
 *
 * @throws {OutflowError} kind `content`: code `ocr.language_missing` when the folder lacks a language; `ocr.unavailable` without the
 *   package; `file.damaged` for a picture that cannot be decoded
 */
export async function recogniseText(
  { pixels }: Picture,
  { tessdata, languages, signal }: RecogniseOptions,
): Promise<RecognisedLine[]> {
  signal.throwIfAborted()
  busy += 1
  clearTimeout(goingHome)
  const stop = () => void closeOcr()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const worker = await take(tessdata, languages)
    return linesOf(await pageOf(worker, pixels, signal))
  } finally {
    signal.removeEventListener('abort', stop)
    busy -= 1
    if (busy === 0) goingHome = setTimeout(() => void closeOcr(), restingMilliseconds).unref()
  }
}

/** Ends the reader, if there is one. */
export async function closeOcr(): Promise<void> {
  clearTimeout(goingHome)
  const ended = reader
  reader = undefined
  const worker = await ended?.worker.catch(() => undefined)
  await worker?.terminate()
}

/**
 * Elements of the paragraphs that the lines make.
 *
 * @param metadataOf what to tell of a paragraph, by its place
 */
export function ocrElements(
  lines: readonly RecognisedLine[],
  metadataOf: (box: PixelBox) => ElementMetadata,
): Element[] {
  const paragraphs: RecognisedLine[][] = []
  for (const [index, line] of lines.entries()) {
    const paragraph = paragraphs.at(-1)
    if (paragraph && continues(line, lines[index - 1])) paragraph.push(line)
    else paragraphs.push([line])
  }
  return paragraphs.map((paragraph) => {
    const text = paragraph.map((line) => line.text).join(' ')
    return elementFromText(text, metadataOf(boxAround(paragraph)), true)
  })
}

function boxAround(lines: readonly RecognisedLine[]): PixelBox {
  const side = (index: 0 | 1 | 2 | 3) => lines.map(({ box }) => box[index])
  return [Math.min(...side(0)), Math.min(...side(1)), Math.max(...side(2)), Math.max(...side(3))]
}

/** Tesseract takes lines far apart for one paragraph, and the items of a list, too. */
function continues({ text, box, paragraph }: RecognisedLine, above: RecognisedLine | undefined): boolean {
  if (above?.paragraph !== paragraph || isBulletItem(text, true) || isNumberedItem(text)) return false
  const [, top, , bottom] = box
  const height = Math.max(bottom - top, above.box[3] - above.box[1])
  return top - above.box[3] <= height
}

async function take(tessdata: string, languages: readonly string[]): Promise<Worker> {
  const packed = isPacked(tessdata, languages)
  const purpose = JSON.stringify([tessdata, languages])
  if (reader?.purpose !== purpose) {
    await closeOcr()
    const made: Reader = { purpose, worker: start(tessdata, languages, packed) }
    reader = made
    made.worker.catch(() => {
      if (reader === made) reader = undefined
    })
  }
  return reader!.worker
}

/** Whether the language data is packed. All languages have to be there, in the same form. */
function isPacked(tessdata: string, languages: readonly string[]): boolean {
  const missing = (ending: string) =>
    languages.find((name) => !/^\w+$/.test(name) || !existsSync(join(tessdata, `${name}${ending}`)))
  const missed = missing('.traineddata')
  if (missed === undefined) return false
  if (missing('.traineddata.gz') === undefined) return true
  throw new OutflowError({
    kind: 'content',
    code: 'ocr.language_missing',
    message: `Text in pictures cannot be read, because ${tessdata} holds neither ${missed}.traineddata nor ${missed}.traineddata.gz.`,
    fix: 'Put that file of Tesseract’s there, name a folder that has it with OUTFLOW_TESSDATA, or take the language out of ocr_languages.',
  })
}

async function start(tessdata: string, languages: readonly string[], packed: boolean): Promise<Worker> {
  const { createWorker } = await load()
  const options = { langPath: tessdata, gzip: packed, cacheMethod: 'none', errorHandler: () => {} }
  if (!packed) for (const name of languages) checkData(join(tessdata, `${name}.traineddata`))
  try {
    // 1 = the neural network alone, the only one that the package's smaller programs hold.
    return await createWorker([...languages], 1, options)
  } catch (thrown) {
    throw damaged('language data of Tesseract', reasonOf(thrown), thrown)
  }
}

/** With data that is none, the package ends the whole thread. Data begins with the number of its parts and where each of them is. */
function checkData(path: string): void {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(4 + mostParts * 8)
    const read = readSync(file, head, 0, head.length, 0)
    const parts = head.readInt32LE(0)
    const size = BigInt(fstatSync(file).size)
    const within = (part: number) => head.readBigInt64LE(4 + part * 8) < size
    const fits = parts > 0 && parts <= mostParts && read >= 4 + parts * 8
    if (!fits || !Array.from({ length: parts }, (_, part) => part).every(within))
      throw damaged('language data of Tesseract', `${path} is not as it should be`)
  } finally {
    closeSync(file)
  }
}

/** Tesseract throws texts, some of which begin like errors and end like sentences. */
const reasonOf = (thrown: unknown): string =>
  String(thrown)
    .replace(/^Error: /, '')
    .replace(/\.$/, '')

async function load(): Promise<typeof import('tesseract.js')> {
  try {
    const { default: tesseract } = await import('tesseract.js')
    return tesseract
  } catch (thrown) {
    throw new OutflowError({
      kind: 'content',
      code: 'ocr.unavailable',
      message: 'Text in pictures cannot be read, because the package tesseract.js is not installed.',
      fix: 'Install it beside Outflow: npm install tesseract.js.',
      cause: thrown,
    })
  }
}

/** Ending a worker leaves what it was asked unanswered, so the signal answers as well. */
function pageOf(worker: Worker, pixels: Uint8Array, signal: AbortSignal): Promise<Page> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    worker
      .recognize(Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength), {}, { blocks: true })
      .then(({ data }) => resolve(data))
      .catch((thrown: unknown) => reject(damaged('picture', reasonOf(thrown), thrown)))
      .finally(() => signal.removeEventListener('abort', abort))
  })
}

function linesOf({ blocks }: Page): RecognisedLine[] {
  const paragraphs = (blocks ?? []).flatMap((block) => block.paragraphs)
  return paragraphs.flatMap(({ lines }, paragraph) => lines.flatMap((line) => lineOf(line, paragraph)))
}

function lineOf({ text, bbox: { x0, y0, x1, y1 } }: Line, paragraph: number): RecognisedLine[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : [{ text: trimmed, box: [x0, y0, x1, y1], paragraph }]
}
