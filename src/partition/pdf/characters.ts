/**
 * The characters of a page with their boxes, in the order of drawing. A box is as high as the font's size and stands on its descent, which
 * is what pdfminer's rules for lines are made for; PDFium's own boxes are another size for each font.
 *
 * @module
 */

import { tooMuch } from '../problems.ts'
import type { PdfPage } from './document.ts'
import { type Box, height, type Matrix, multiply, transform, width } from './geometry.ts'
import type { Character } from './lines.ts'
import { boundsOf, type DrawnObject } from './objects.ts'
import { type Setting, type SettingsReader, settingsReader } from './settings.ts'

/** Where text runs to on the page as it is seen. */
export type Turn = 'right' | 'up' | 'left' | 'down'

export interface DrawnCharacter extends Character {
  readonly drawnBy: DrawnObject
  readonly turn: Turn
}

/** Characters of one page. */
const mostCharacters = 300_000
/** Spaces in a row. */
const mostSpaces = 200

/** What PDFium makes of a hyphen at a line's end. */
const lineEndHyphens: ReadonlySet<number> = new Set([0x02, 0xfffe])

const isCodePoint = (code: number): boolean => code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)

/** @param isFaithful tell characters without a meaning as the reference does */
function textOf(code: number, isFaithful: boolean): string {
  if (lineEndHyphens.has(code)) return '-'
  if (code === 0) return isFaithful ? '(cid:0)' : ''
  return isCodePoint(code) ? String.fromCodePoint(code) : ''
}

function turnOf({ matrix }: Setting, place: Matrix): Turn {
  const [x, y] = multiply(matrix, place)
  if (Math.abs(x) >= Math.abs(y)) return x >= 0 ? 'right' : 'left'
  return y > 0 ? 'up' : 'down'
}

/** A character's box along the text as PDFium has it; across it from the descent, as high as the font's size. */
function upright(loose: Box, { matrix: [a, b, c, d], size, descent }: Setting, x: number, y: number): Box {
  const isLevel = Math.abs(b) < 1e-3 * Math.abs(a)
  const isVertical = Math.abs(a) < 1e-3 * Math.abs(b)
  if (isLevel) {
    const [from, to] = [y + d * size * descent, y + d * size * (descent + 1)]
    return { x0: loose.x0, x1: loose.x1, y0: Math.min(from, to), y1: Math.max(from, to) }
  }
  if (!isVertical) return loose
  const [from, to] = [x + c * size * descent, x + c * size * (descent + 1)]
  return { y0: loose.y0, y1: loose.y1, x0: Math.min(from, to), x1: Math.max(from, to) }
}

function boxOf(
  { document: { pdfium, memory }, place }: PdfPage,
  text: number,
  index: number,
  setting: Setting,
) {
  pdfium.FPDFText_GetLooseCharBox(text, index, memory)
  const at = memory / 4
  const { HEAPF32: floats } = pdfium.heap
  const loose = { x0: floats[at]!, y0: floats[at + 3]!, x1: floats[at + 2]!, y1: floats[at + 1]! }
  pdfium.FPDFText_GetCharOrigin(text, index, memory, memory + 8)
  const { HEAPF64: doubles } = pdfium.heap
  return transform(upright(loose, setting, doubles[memory / 8]!, doubles[memory / 8 + 1]!), place)
}

/** The spaces that PDFium leaves out after one. */
function spacesBetween(space: Character, next: Character): Character[] {
  const wide = width(space)
  const count = wide > 0 ? Math.round((next.x0 - space.x1) / wide) : 0
  return Array.from({ length: Math.min(mostSpaces, Math.max(0, count)) }, (_, index) => ({
    ...space,
    x0: space.x1 + index * wide,
    x1: space.x1 + (index + 1) * wide,
  }))
}

/** Puts together again what one glyph stands for. */
function addCharacter(characters: Character[], character: Character): void {
  const last = characters.at(-1)
  if (
    last !== undefined &&
    last.x0 === character.x0 &&
    last.x1 === character.x1 &&
    last.y0 === character.y0
  ) {
    characters.splice(-1, 1, { ...last, text: last.text + character.text })
    return
  }
  if (last?.text === ' ') characters.push(...spacesBetween(last, character))
  characters.push(character)
}

interface Reading {
  readonly objects: readonly DrawnObject[]
  readonly settings: SettingsReader
  readonly isFaithful: boolean
}

interface Text {
  readonly setting: Setting
  readonly characters: Character[]
}

/** What PDFium's text page holds, by the text object that drew it. */
function readTexts(page: PdfPage, textPage: number, { objects, settings, isFaithful }: Reading) {
  const { pdfium } = page.document
  const count = pdfium.FPDFText_CountChars(textPage)
  if (count > mostCharacters)
    throw tooMuch('PDF', `a page with more than ${mostCharacters.toLocaleString('en')} characters`)
  const objectOf = new Map(objects.map((object) => [object.handle, object]))
  const texts = new Map<number, Text>()
  for (let index = 0; index < count; index++) {
    const handle = pdfium.FPDFText_GetTextObject(textPage, index)
    const object = objectOf.get(handle)
    if (object === undefined || pdfium.FPDFText_IsGenerated(textPage, index) === 1) continue
    const text = textOf(pdfium.FPDFText_GetUnicode(textPage, index), isFaithful)
    if (text === '') continue
    let known = texts.get(handle)
    if (known === undefined) {
      known = { setting: settings.settingOf(object), characters: [] }
      texts.set(handle, known)
    }
    addCharacter(known.characters, { text, ...boxOf(page, textPage, index, known.setting) })
  }
  return texts
}

function withTextPage<T>({ document: { pdfium }, handle }: PdfPage, use: (textPage: number) => T): T {
  const textPage = pdfium.FPDFText_LoadPage(handle)
  try {
    return use(textPage)
  } finally {
    pdfium.FPDFText_ClosePage(textPage)
  }
}

/** The blank of a text object of which PDFium tells nothing and in which nothing is to be seen. */
function blankOf(page: PdfPage, object: DrawnObject, settings: SettingsReader): Text | undefined {
  const bounds = boundsOf(page, object)
  if (bounds === undefined || width(bounds) * height(bounds) > 0) return undefined
  const setting = settings.settingOf(object)
  const [x, y] = [setting.matrix[4], setting.matrix[5]]
  const loose = { x0: x, y0: y, x1: x + settings.spaceWidth(setting), y1: y }
  const box = transform(upright(loose, setting, x, y), page.place)
  return { setting, characters: [{ text: ' ', ...box }] }
}

/**
 * All characters in the order of drawing.
 *
 * @param isFaithful tell characters without a meaning as the reference does: `(cid:0)`
 * @throws {OutflowError} code `file.too_much`
 */
export function readCharacters(
  page: PdfPage,
  objects: readonly DrawnObject[],
  isFaithful: boolean,
): DrawnCharacter[] {
  const settings = settingsReader(page.document)
  const texts = withTextPage(page, (textPage) => readTexts(page, textPage, { objects, settings, isFaithful }))
  return objects.flatMap((drawnBy) => {
    if (drawnBy.kind !== 'text') return []
    const text = texts.get(drawnBy.handle) ?? blankOf(page, drawnBy, settings)
    if (text === undefined) return []
    const turn = turnOf(text.setting, page.place)
    return text.characters.map((character) => ({ ...character, drawnBy, turn }))
  })
}
