/**
 * The sample's attachments: small, real files of their types, made by code.
 *
 * @module
 */

import { escapeText } from '../../util/escape.ts'
import { docxOf } from '../files/docx.ts'
import { epubOf } from '../files/epub.ts'
import { msgOf } from '../files/msg.ts'
import { odtOf } from '../files/odt.ts'
import { pdfOf, textAt } from '../files/pdf.ts'
import { type Paint, pngOf } from '../files/png.ts'
import { pptxOf } from '../files/pptx.ts'
import { double, record, words, xlsOf } from '../files/xls.ts'
import { xlsxOf } from '../files/xlsx.ts'

const utf8 = new TextEncoder()

export interface SampleFile {
  readonly mediaType: string
  readonly bytes: () => Uint8Array
}

type Row = readonly (string | number)[]

const office = 'application/vnd.openxmlformats-officedocument'

/** Markup of it: no value here may hold any. */

export const text = (content: string, mediaType = 'text/plain'): SampleFile => ({
  mediaType,
  bytes: () => utf8.encode(content),
})

export const json = (value: unknown): SampleFile =>
  text(`${JSON.stringify(value, undefined, 2)}\n`, 'application/json')

export const csv = (...rows: readonly Row[]): SampleFile =>
  text(rows.map((row) => `${row.join(',')}\r\n`).join(''), 'text/csv')

export const tsv = (...rows: readonly Row[]): SampleFile =>
  text(rows.map((row) => `${row.join('\t')}\n`).join(''), 'text/tab-separated-values')

/** @param shapes what stands inside the `svg` element */
export const svg = (width: number, height: number, shapes: string): SampleFile =>
  text(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${shapes}</svg>\n`,
    'image/svg+xml',
  )

export const png = (width: number, height: number, paint: Paint): SampleFile => ({
  mediaType: 'image/png',
  bytes: () => pngOf(width, height, paint),
})

/** One page of lines in Helvetica; Latin letters only. */
export const pdf = (...lines: readonly string[]): SampleFile => ({
  mediaType: 'application/pdf',
  bytes: () =>
    pdfOf({
      pages: [{ content: lines.map((line, index) => textAt(72, 720 - index * 16, line)).join('\n') }],
    }),
})

interface Section {
  readonly heading: string
  readonly paragraphs: readonly string[]
  readonly table?: readonly Row[]
}

export const docx = (...sections: readonly Section[]): SampleFile => ({
  mediaType: `${office}.wordprocessingml.document`,
  bytes: () => docxOf({ body: sections.map(wordSection).join(''), parts: { styles: wordStyles } }),
})

const wordStyles =
  '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>' +
  '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/></w:style>'
const wordParagraph = (content: string, style = ''): string =>
  `<w:p>${style}<w:r><w:t xml:space="preserve">${escapeText(content)}</w:t></w:r></w:p>`

function wordSection({ heading, paragraphs, table = [] }: Section): string {
  const rows = table.map((row) => {
    const cells = row.map((cell) => `<w:tc>${wordParagraph(String(cell))}</w:tc>`)
    return `<w:tr>${cells.join('')}</w:tr>`
  })
  const grid = `<w:tblGrid>${(table[0] ?? []).map(() => '<w:gridCol/>').join('')}</w:tblGrid>`
  const title = wordParagraph(heading, '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>')
  const prose = paragraphs.map((each) => wordParagraph(each)).join('')
  return `${title}${prose}${rows.length === 0 ? '' : `<w:tbl><w:tblPr/>${grid}${rows.join('')}</w:tbl>`}`
}

export const odt = (...sections: readonly Section[]): SampleFile => ({
  mediaType: 'application/vnd.oasis.opendocument.text',
  bytes: () => odtOf({ body: sections.map(odtSection).join('') }),
})

const odtSection = ({ heading, paragraphs }: Section): string =>
  `<text:h text:outline-level="1">${escapeText(heading)}</text:h>${paragraphs
    .map((each) => `<text:p>${escapeText(each)}</text:p>`)
    .join('')}`

interface Slide {
  readonly title: string
  readonly points: readonly string[]
  readonly notes?: string
}

export const pptx = (...slides: readonly Slide[]): SampleFile => ({
  mediaType: `${office}.presentationml.presentation`,
  bytes: () =>
    pptxOf({
      slides: slides.map(({ title, points, notes }) => ({
        shapes: placeholder('title', [title]) + placeholder('body', points),
        ...(notes !== undefined && { notes: placeholder('body', [notes]) }),
      })),
    }),
})

function placeholder(type: 'title' | 'body', lines: readonly string[]): string {
  const index = type === 'title' ? 0 : 1
  const paragraphs = lines.map((line) => `<a:p><a:r><a:t>${escapeText(line)}</a:t></a:r></a:p>`)
  const about =
    `<p:nvSpPr><p:cNvPr id="${index + 2}" name="${type}"/><p:cNvSpPr/>` +
    `<p:nvPr><p:ph type="${type}" idx="${index}"/></p:nvPr></p:nvSpPr><p:spPr/>`
  return `<p:sp>${about}<p:txBody><a:bodyPr/>${paragraphs.join('')}</p:txBody></p:sp>`
}

/** @param sheets rows of each, by its name */
export const xlsx = (sheets: Readonly<Record<string, readonly Row[]>>): SampleFile => ({
  mediaType: `${office}.spreadsheetml.sheet`,
  bytes: () =>
    xlsxOf({
      sheets: Object.entries(sheets).map(([name, rows]) => ({
        name: escapeText(name),
        inside: `<sheetData>${rows.map(sheetRow).join('')}</sheetData>`,
      })),
    }),
})

function sheetRow(row: Row, index: number): string {
  const cells = row.map((cell, column) => {
    const place = `r="${String.fromCodePoint(65 + column)}${index + 1}"`
    return typeof cell === 'number'
      ? `<c ${place}><v>${cell}</v></c>`
      : `<c ${place} t="inlineStr"><is><t>${escapeText(cell)}</t></is></c>`
  })
  return `<row r="${index + 1}">${cells.join('')}</row>`
}

/** One sheet. */
export const xls = (...rows: readonly Row[]): SampleFile => ({
  mediaType: 'application/vnd.ms-excel',
  bytes: () => xlsBytes(rows),
})

/** Numbers of records with a text of the book's, and with a number ([MS-XLS] 2.3). */
const [sharedText, number] = [0x00_fd, 0x02_03]

function xlsBytes(rows: readonly Row[]): Uint8Array {
  const strings = [...new Set(rows.flat().filter((cell) => typeof cell === 'string'))]
  const cells = rows.flatMap((row, index) =>
    row.map((cell, column) =>
      typeof cell === 'number'
        ? record(number, words(index, column, 0), double(cell))
        : record(sharedText, words(index, column, 0, strings.indexOf(cell), 0)),
    ),
  )
  return xlsOf({ sheets: [cells], strings })
}

/** @param chapters paragraphs by their heading */
export const epub = (title: string, chapters: Readonly<Record<string, readonly string[]>>): SampleFile => ({
  mediaType: 'application/epub+zip',
  bytes: () =>
    epubOf({
      title: escapeText(title),
      chapters: Object.entries(chapters).map(
        ([heading, paragraphs]) =>
          `<h1>${escapeText(heading)}</h1>${paragraphs.map((each) => `<p>${escapeText(each)}</p>`).join('')}`,
      ),
    }),
})

/** Without characters beyond Latin letters. */
export const rtf = (...paragraphs: readonly string[]): SampleFile =>
  text(
    `{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\f0 ${paragraphs.map((each) => `${each}\\par\n`).join('')}}`,
    'application/rtf',
  )

interface Letter {
  readonly from: string
  readonly to: string
  readonly subject: string
  /** As mails write it: `Fri, 16 Jan 2026 17:04:16 +0100`. */
  readonly date: string
  readonly paragraphs: readonly string[]
}

export const eml = ({ from, to, subject, date, paragraphs }: Letter): SampleFile =>
  text(
    [
      ...[`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Date: ${date}`, 'MIME-Version: 1.0'],
      ...['Content-Type: text/plain; charset=utf-8', '', paragraphs.join('\r\n\r\n'), ''],
    ].join('\r\n'),
    'message/rfc822',
  )

/** Numbers of the properties that hold its class, subject, headers and body, as text ([MS-OXPROPS]). */
const [classTag, subjectTag, headersTag, bodyTag] = ['001A001F', '0037001F', '007D001F', '1000001F']

export const msg = ({ from, to, subject, date, paragraphs }: Letter): SampleFile => ({
  mediaType: 'application/vnd.ms-outlook',
  bytes: () =>
    msgOf({
      streams: {
        [classTag]: 'IPM.Note',
        [subjectTag]: subject,
        [headersTag]: `From: ${from}\r\nTo: ${to}\r\nDate: ${date}\r\n`,
        [bodyTag]: paragraphs.join('\r\n\r\n'),
      },
    }),
})
