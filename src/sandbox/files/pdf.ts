/**
 * Makes PDFs.
 *
 * @module
 */

import { Buffer } from 'node:buffer'

export interface PdfPageSource {
  /** What is drawn, in PDF's own language. `/F1` is Helvetica; `/Im1` a gray picture, `/Fm1` a form that draws itself. */
  readonly content: string
  /** How the content is packed, each character one byte: `FlateDecode`. */
  readonly filter?: string
  /** Clockwise, in degrees. */
  readonly rotate?: number
  /** Dictionaries of annotations, without their type. */
  readonly annotations?: readonly string[]
}

export interface PdfSource {
  readonly pages: readonly PdfPageSource[]
  /** Width and height of all pages, told once for all. By default each page tells that it is a letter. */
  readonly paper?: readonly [width: number, height: number]
  /** Titles of bookmarks with the pages, from 0, that they lead to. */
  readonly bookmarks?: readonly { readonly title: string; readonly page: number }[]
  /** Pretend that a password is needed. */
  readonly encrypted?: boolean
}

/** Draws one line of text, twelve points high unless told otherwise. */
export const textAt = (x: number, y: number, text: string, size = 12): string =>
  `BT /F1 ${size} Tf ${x} ${y} Td (${text.replace(/[()\\]/g, '\\$&')}) Tj ET`

/** Draws a straight line. */
export const lineAt = (x0: number, y0: number, x1: number, y1: number): string =>
  `0.5 w ${x0} ${y0} m ${x1} ${y1} l S`

const stream = (dictionary: string, content: string): string =>
  `<< ${dictionary} /Length ${content.length} >>\nstream\n${content}\nendstream`

const resources = '<< /Font << /F1 4 0 R >> /XObject << /Im1 5 0 R /Fm1 6 0 R >> >>'

/** Objects 1 to 7, which every document has; the pages come after, two objects each. */
const firstPage = 8

const box = (paper: readonly number[]): string => `/MediaBox [0 0 ${paper.join(' ')}]`

const reference = (number: number): string => `${number} 0 R`

function pageObjects(
  { content, filter, rotate = 0 }: PdfPageSource,
  own: number,
  annotations: readonly number[],
  paper: string,
): string[] {
  return [
    `<< /Type /Page /Parent 2 0 R ${paper} /Rotate ${rotate} /Resources ${resources} ` +
      `/Contents ${reference(own + 1)} /Annots [${annotations.map(reference).join(' ')}] >>`,
    stream(filter === undefined ? '' : `/Filter /${filter}`, content),
  ]
}

const zeros = '0'.repeat(64)

const outlineObjects = (bookmarks: NonNullable<PdfSource['bookmarks']>, first: number): string[] =>
  bookmarks.map(({ title, page }, index) => {
    const next = index + 1 < bookmarks.length ? `/Next ${reference(first + index + 1)}` : ''
    return `<< /Title (${title}) /Parent 7 0 R ${next} /Dest [${reference(firstPage + page * 2)} /Fit] >>`
  })

/** The bytes of a PDF. */
export function pdfOf({ pages, paper, bookmarks = [], encrypted = false }: PdfSource): Buffer {
  const firstItem = firstPage + pages.length * 2
  const firstAnnotation = firstItem + bookmarks.length
  const annotations = pages.flatMap(({ annotations: own = [] }, page) => own.map((text) => ({ text, page })))
  const numbers = annotations.map((_, index) => firstAnnotation + index)
  const kids = pages.map((_, index) => reference(firstPage + index * 2)).join(' ')
  const fields = numbers.filter((_, index) => annotations[index]!.text.includes('/Widget')).map(reference)
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /Outlines 7 0 R /AcroForm 3 0 R >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} ${paper ? box(paper) : ''} >>`,
    `<< /Fields [${fields.join(' ')}] /DR << /Font << /F1 4 0 R >> >> >>`,
    `<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>`,
    stream(
      '/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8',
      '0Az~',
    ),
    stream(`/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources ${resources}`, '/Fm1 Do'),
    bookmarks.length === 0
      ? '<< /Type /Outlines >>'
      : `<< /Type /Outlines /First ${reference(firstItem)} /Last ${reference(firstAnnotation - 1)} >>`,
    ...pages.flatMap((page, index) => {
      const own = numbers.filter((_, at) => annotations[at]!.page === index)
      return pageObjects(page, firstPage + index * 2, own, paper ? '' : box([612, 792]))
    }),
    ...outlineObjects(bookmarks, firstItem),
    ...annotations.map(({ text }) => `<< /Type /Annot ${text} >>`),
  ]
  let file = '%PDF-1.7\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const lock = `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${zeros}> /U <${zeros}> >> /ID [<${zeros}> <${zeros}>]`
  const start = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${encrypted ? lock : ''} >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}
