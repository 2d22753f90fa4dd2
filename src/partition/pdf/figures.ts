/**
 * Forms as the reference reads them: the text of each, in the order of drawing and without any layout, ends where a path or picture is drawn.
 *
 * @module
 */

import { isBlank } from '../../kit/whitespace.ts'
import type { DrawnCharacter } from './characters.ts'
import type { PdfPage } from './document.ts'
import { type Box, transform, union } from './geometry.ts'
import { boundsOf, type DrawnObject } from './objects.ts'
import { tidy } from './text.ts'

interface FigurePart {
  readonly text: string
  readonly box: Box
}

function boxOf(page: PdfPage, form: number, characters: readonly Box[]): Box {
  const { pdfium, memory } = page.document
  const bounds = boundsOf(pdfium, { handle: form, matrix: [1, 0, 0, 1, 0, 0] }, memory)
  return bounds === undefined ? characters.reduce(union) : transform(bounds, page.place)
}

export function figureParts(
  page: PdfPage,
  objects: readonly DrawnObject[],
  characters: readonly DrawnCharacter[],
): FigurePart[] {
  const drawnBy = Map.groupBy(characters, ({ object }) => object)
  const forms = Map.groupBy(objects, ({ form }) => form)
  return [...forms].flatMap(([form, members]) => {
    if (form === undefined) return []
    const inside = members.flatMap(({ handle }) => drawnBy.get(handle) ?? [])
    if (inside.length === 0) return []
    const text = members.map(({ kind, handle }) =>
      kind === 'text' ? (drawnBy.get(handle) ?? []).map((character) => character.text).join('') : '\n',
    )
    const box = boxOf(page, form, inside)
    return text
      .join('')
      .split(/\n+/)
      .filter((part) => !isBlank(part))
      .map((part) => ({ text: tidy(part), box }))
  })
}
