/**
 * The characters of a page with their boxes, in the order of drawing. A box is as high as the font's size and stands on its descent, which
 * is what pdfminer's rules for lines are made for; PDFium's own boxes are another size for each font.
 *
 * @module
 */

import { tooMuch } from '../problems.ts'
import { type Matrix, transform } from './geometry.ts'
import type { Character } from './lines.ts'
import type { Pdfium } from './pdfium.ts'

/** How the text of one text object is set. */
interface Setting {
  readonly matrix: Matrix
  /** Points before the matrix. */
  readonly size: number
  /** Below the baseline, in sizes; negative. */
  readonly descent: number
}

export interface DrawnCharacter extends Character {
  /** PDFium's handle of the text object that drew it. */
  readonly object: number
}

/** Characters of one page. */
const mostCharacters = 300_000
/** Degrees of the standard fonts that come without a descriptor (Adobe's core 14 metrics), in sizes. */
const standardDescents: readonly (readonly [RegExp, number])[] = [
  [/^Helvetica(?:-|$)/, -0.207],
  [/^Times-/, -0.217],
  [/^Courier(?:-|$)/, -0.157],
]

/** What PDFium puts for a hyphen at a line's end, and what it puts for a character without a meaning. */
const lineEndHyphens: ReadonlySet<number> = new Set([0x02, 0xfffe])

const isCodePoint = (code: number): boolean =>
  code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)

function textOf(code: number): string {
  if (lineEndHyphens.has(code)) return '-'
  return isCodePoint(code) ? String.fromCodePoint(code) : ''
}

/** Reads the settings of text objects; each font is asked once. @param memory room for 64 bytes */
function settingsReader(pdfium: Pdfium, memory: number) {
  const descents = new Map<number, number>()

  function baseName(font: number): string {
    const length = pdfium.FPDFFont_GetBaseFontName(font, memory, 64)
    return Buffer.from(
      pdfium.heap.HEAPU8.subarray(memory, memory + Math.max(0, Math.min(length, 64) - 1)),
    ).toString('latin1')
  }

  function descentOf(font: number): number {
    const known = descents.get(font)
    if (known !== undefined) return known
    const name = pdfium.FPDFFont_GetIsEmbedded(font) === 0 ? baseName(font) : ''
    const standard = standardDescents.find(([pattern]) => pattern.test(name))?.[1]
    const told = pdfium.FPDFFont_GetDescent(font, 1, memory) === 0 ? 0 : pdfium.heap.HEAPF32[memory / 4]!
    const descent = standard ?? -Math.abs(told)
    descents.set(font, descent)
    return descent
  }

  return (textPage: number, index: number, object: number): Setting => {
    pdfium.FPDFText_GetMatrix(textPage, index, memory)
    const [a = 1, b = 0, c = 0, d = 1] = pdfium.heap.HEAPF32.subarray(memory / 4, memory / 4 + 4)
    const descent = descentOf(pdfium.FPDFTextObj_GetFont(object))
    return { matrix: [a, b, c, d, 0, 0], size: pdfium.FPDFText_GetFontSize(textPage, index), descent }
  }
}

/**
 * @param place from the page's own coordinates to those in which it is seen: unturned, its lower left corner at zero
 * @param memory room for 64 bytes
 * @throws {OutflowError} code `file.too_much`
 */
export function readCharacters(
  pdfium: Pdfium,
  textPage: number,
  { place, memory }: { readonly place: Matrix; readonly memory: number },
): DrawnCharacter[] {
  const count = pdfium.FPDFText_CountChars(textPage)
  if (count > mostCharacters)
    throw tooMuch('PDF', `a page with more than ${mostCharacters.toLocaleString('en')} characters`)
  const readSetting = settingsReader(pdfium, memory)
  const characters: DrawnCharacter[] = []
  let object = 0
  let setting: Setting | undefined
  for (let index = 0; index < count; index++) {
    const drawnBy = pdfium.FPDFText_GetTextObject(textPage, index)
    if (drawnBy === 0 || pdfium.FPDFText_IsGenerated(textPage, index) === 1) continue
    const text = textOf(pdfium.FPDFText_GetUnicode(textPage, index))
    if (text === '') continue
    if (setting === undefined || drawnBy !== object) setting = readSetting(textPage, index, drawnBy)
    object = drawnBy
    pdfium.FPDFText_GetLooseCharBox(textPage, index, memory)
    const [x0 = 0, y1 = 0, x1 = 0, y0 = 0] = pdfium.heap.HEAPF32.subarray(memory / 4, memory / 4 + 4)
    pdfium.FPDFText_GetCharOrigin(textPage, index, memory, memory + 8)
    const [x = 0, y = 0] = pdfium.heap.HEAPF64.subarray(memory / 8, memory / 8 + 2)
    characters.push({ text, object, ...transform(upright({ x0, y0, x1, y1 }, setting, { x, y }), place) })
  }
  return characters
}

/** Along the text as PDFium has it; across it from the descent, as high as the font's size. */
function upright(
  loose: { x0: number; y0: number; x1: number; y1: number },
  { matrix: [a, b, c, d], size, descent }: Setting,
  origin: { x: number; y: number },
) {
  const isLevel = Math.abs(b) < 1e-3 * Math.abs(a)
  const isVertical = Math.abs(a) < 1e-3 * Math.abs(b)
  if (isLevel) {
    const [from, to] = [origin.y + d * size * descent, origin.y + d * size * (descent + 1)]
    return { ...loose, y0: Math.min(from, to), y1: Math.max(from, to) }
  }
  if (!isVertical) return loose
  const [from, to] = [origin.x + c * size * descent, origin.x + c * size * (descent + 1)]
  return { ...loose, x0: Math.min(from, to), x1: Math.max(from, to) }
}
