/**
 * The elements of one page's text layer.
 *
 * @module
 */

import { isBlank } from '../../kit/whitespace.ts'
import type { Element, ElementMetadata } from '../../model/element.ts'
import { coordinatesOf } from '../coordinates.ts'
import { elementFromText } from '../element-from-text.ts'
import type { FileOptions } from '../file.ts'
import { type Bookmarks, bookmarkOf } from './bookmarks.ts'
import { type DrawnCharacter, readCharacters } from './characters.ts'
import type { PdfPage } from './document.ts'
import { readFields } from './fields.ts'
import { figureParts } from './figures.ts'
import type { Box } from './geometry.ts'
import { findGrids } from './grids.ts'
import type { Hyphens } from './hyphens.ts'
import { joinItems, type Placed } from './items.ts'
import { layOut, type TextPart } from './layout.ts'
import { type LinkEntry, readLinks } from './links.ts'
import { type DrawnObject, drawnObjects } from './objects.ts'
import { coverage, type Picture, pictureFile, picturesOn } from './pictures.ts'
import { inReadingOrder } from './reading-order.ts'
import { readRulings } from './rulings.ts'
import { cellLines, tableOf, takeTables } from './tables.ts'
import { lineText, tidy } from './text.ts'

/** What a page shows, as long as it is open. */
export interface PageContent {
  readonly page: PdfPage
  readonly objects: readonly DrawnObject[]
  readonly characters: readonly DrawnCharacter[]
  readonly pictures: readonly Picture[]
}

export interface PageOptions extends FileOptions {
  /** Its number, for metadata. */
  readonly number: number
  /** PDFium's handle of the document's form; 0 = none. */
  readonly form: number
  /** The outline's entries that lead to this page. */
  readonly bookmarks: Bookmarks
  readonly hyphens: Hyphens
}

/** Share of the page at its top that is its header, and at its bottom that is its footer. */
const edge = 0.07
/** With fewer characters, and with pictures on more than this share of it, a page is a picture of text. */
const [fewestCharacters, pictureShare] = [16, 0.25]

/** Reads what a page shows. @throws {OutflowError} code `file.too_much` */
export function readContent(page: PdfPage, { mode }: FileOptions): PageContent {
  const objects = drawnObjects(page)
  return {
    page,
    objects,
    characters: readCharacters(page, objects, mode === 'compat'),
    pictures: picturesOn(page, objects),
  }
}

/** Whether what is to be read on the page is in its pictures. */
export function isScanned({ page, characters, pictures }: PageContent): boolean {
  const visible = characters.reduce((count, { text }) => count + (isBlank(text) ? 0 : 1), 0)
  return visible < fewestCharacters && coverage(page, pictures) > pictureShare
}

/** y down from the page's top. In enhanced mode only what is on the page counts. */
function seen({ x0, y0, x1, y1 }: Box, { width, height }: PdfPage, { mode }: FileOptions): Box {
  const box = { x0, y0: height - y1, x1, y1: height - y0 }
  if (mode === 'compat') return box
  const within = (value: number, end: number) => Math.min(end, Math.max(0, value))
  return {
    x0: within(box.x0, width),
    y0: within(box.y0, height),
    x1: within(box.x1, width),
    y1: within(box.y1, height),
  }
}

/** The text of a page as an element: header and footer by place, heading by the document's outline, all else by its looks. */
function elementOf(
  text: string,
  box: Box,
  page: PdfPage,
  options: PageOptions,
  metadata: ElementMetadata,
): Element {
  const isEnhanced = options.mode === 'enhanced'
  const bookmark = isEnhanced ? bookmarkOf(text, options.bookmarks) : undefined
  if (bookmark !== undefined)
    return { type: 'Title', element_id: '', text, metadata: { ...metadata, category_depth: bookmark.depth } }
  const middle = (box.y0 + box.y1) / 2 / page.height
  if (middle < edge) return { type: 'Header', element_id: '', text, metadata }
  if (middle > 1 - edge) return { type: 'Footer', element_id: '', text, metadata }
  return elementFromText(text, metadata, isEnhanced)
}

function partText({ lines }: TextPart, { mode, hyphens }: PageOptions): string {
  const text = lines.map((line) => `${lineText(line)}\n`).join('')
  return tidy(mode === 'enhanced' ? hyphens.join(text.replace(/ +\n/g, '\n')) : text)
}

function linkMetadata({ links }: TextPart, { mode }: FileOptions): ElementMetadata {
  if (mode === 'compat') return links.length === 0 ? {} : { links }
  const told = links.filter(({ url }) => url !== null)
  return told.length === 0 ? {} : { links: told, ...linkTexts(told) }
}

/** Those that lead somewhere. */
function linkTexts(links: readonly LinkEntry[]): ElementMetadata {
  const told = links.filter(({ url }) => url !== null)
  if (told.length === 0) return {}
  return { link_texts: told.map(({ text }) => text), link_urls: told.map(({ url }) => String(url)) }
}

function textParts(parts: readonly TextPart[], page: PdfPage, options: PageOptions): Placed[] {
  return parts.flatMap((part) => {
    const text = partText(part, options)
    if (text === '') return []
    const box = seen(part.box, page, options)
    return { element: elementOf(text, box, page, options, linkMetadata(part, options)), box }
  })
}

function fieldParts(page: PdfPage, options: PageOptions): Placed[] {
  const fields = readFields(page, options.form)
  return fields.flatMap(({ text, checked, box: place }) => {
    const box = seen(place, page, options)
    if (checked === undefined) return { element: elementOf(text, box, page, options, {}), box }
    if (options.mode === 'compat') return []
    return { element: { type: 'CheckBox', element_id: '', text, checked, metadata: {} }, box }
  })
}

/** An element that stands for a picture, with its bytes where they are asked for. */
export function pictureElement(file: Uint8Array | undefined): Element {
  const metadata: ElementMetadata = {}
  if (file !== undefined) {
    metadata.image_mime_type = 'image/png'
    metadata.image_base64 = Buffer.from(file).toString('base64')
  }
  return { type: 'Image', element_id: '', text: '', metadata }
}

function pictureParts({ page, pictures }: PageContent, options: PageOptions): Placed[] {
  return pictures.map((picture) => ({
    element: pictureElement(options.imageData ? pictureFile(page, picture) : undefined),
    box: seen(picture.box, page, options),
  }))
}

/** Forms apart, and everything else in the order that pdfminer's rules give. */
function compatParts({ page, objects, characters }: PageContent, options: PageOptions): Placed[] {
  const free = characters.filter(({ drawnBy }) => drawnBy.form === undefined)
  const boxes = layOut(page, free, { links: readLinks(page), enhanced: false })
  const figures = figureParts(page, objects, characters).map(({ text, box: place }) => {
    const box = seen(place, page, options)
    return { element: elementOf(text, box, page, options, {}), box }
  })
  return joinItems([...textParts(boxes, page, options), ...figures, ...fieldParts(page, options)], true)
}

/** All that is seen: text wherever it is drawn, tables, fields, pictures. */
function enhancedParts(content: PageContent, options: PageOptions): Placed[] {
  const { page, objects, characters } = content
  const links = readLinks(page)
  const { tables, rest } = takeTables(findGrids(readRulings(page, objects)), characters)
  const boxes = layOut(page, rest, { links, enhanced: true })
  for (const { lines } of boxes) options.hyphens.learn(lines.map(lineText).join('\n'))
  for (const { rows } of tables) options.hyphens.learn(rows.flat().map(cellLines).join('\n'))
  const tableParts = tables.map((grid): Placed => {
    const { text, html, links: told } = tableOf(grid, { hyphens: options.hyphens, links })
    const metadata = { text_as_html: html, ...linkTexts(told) }
    return { element: { type: 'Table', element_id: '', text, metadata }, box: seen(grid.box, page, options) }
  })
  return [
    ...joinItems(textParts(boxes, page, options), false),
    ...tableParts,
    ...fieldParts(page, options),
    ...pictureParts(content, options),
  ]
}

/** The elements of the text layer in reading order, with page number and, where asked for, coordinates. */
export function readTextLayer(content: PageContent, options: PageOptions): Placed[] {
  const { page } = content
  const parts = options.mode === 'compat' ? compatParts(content, options) : enhancedParts(content, options)
  const ordered = inReadingOrder(parts, ({ box }) => box, options.mode === 'compat')
  for (const {
    element,
    box: { x0, y0, x1, y1 },
  } of ordered) {
    element.metadata.page_number = options.number
    if (options.coordinates) element.metadata.coordinates = coordinatesOf([x0, y0, x1, y1], page)
  }
  return ordered
}
