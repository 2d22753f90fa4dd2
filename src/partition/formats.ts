/**
 * File formats by name: what people call them, the MIME type that their elements carry, and their reader, loaded when a file asks for it.
 * Each format is one file beside this one.
 *
 * @module
 */

import type { ReadFile } from './file.ts'

export interface FileFormat {
  /** As people call it, after "a": `Word document`. */
  readonly title: string
  /** `metadata.filetype`. Absent: what the file itself says, since the format is a family. */
  readonly mediaType?: string
  /** Its elements say their languages by themselves, or have none: nobody else tells. */
  readonly tellsLanguages?: true
  readonly load: () => Promise<ReadFile>
}

const opendocument = 'application/vnd.oasis.opendocument.'
const openxml = 'application/vnd.openxmlformats-officedocument.'

const formats = {
  html: {
    title: 'HTML page',
    mediaType: 'text/html',
    load: async () => (await import('./html-file.ts')).readHtmlFile,
  },
  markdown: {
    title: 'Markdown file',
    mediaType: 'text/markdown',
    load: async () => (await import('./markdown.ts')).readMarkdown,
  },
  text: {
    title: 'text file',
    mediaType: 'text/plain',
    load: async () => (await import('./text.ts')).readText,
  },
  source: {
    title: 'source file',
    mediaType: 'text/plain',
    load: async () => (await import('./text.ts')).readSource,
  },
  csv: { title: 'CSV file', mediaType: 'text/csv', load: async () => (await import('./csv.ts')).readCsv },
  tsv: { title: 'TSV file', mediaType: 'text/tsv', load: async () => (await import('./csv.ts')).readCsv },
  json: {
    title: 'JSON file',
    tellsLanguages: true,
    mediaType: 'application/json',
    load: async () => (await import('./json.ts')).readJson,
  },
  ndjson: {
    title: 'NDJSON file',
    tellsLanguages: true,
    mediaType: 'application/x-ndjson',
    load: async () => (await import('./json.ts')).readNdjson,
  },
  xml: {
    title: 'XML file',
    mediaType: 'application/xml',
    load: async () => (await import('./xml.ts')).readXmlFile,
  },
  docx: {
    title: 'Word document',
    mediaType: `${openxml}wordprocessingml.document`,
    load: async () => (await import('./docx.ts')).readDocx,
  },
  pptx: {
    title: 'PowerPoint presentation',
    mediaType: `${openxml}presentationml.presentation`,
    load: async () => (await import('./pptx.ts')).readPptx,
  },
  xlsx: {
    title: 'Excel workbook',
    mediaType: `${openxml}spreadsheetml.sheet`,
    load: async () => (await import('./xlsx.ts')).readXlsx,
  },
  xls: {
    title: 'Excel workbook',
    mediaType: 'application/vnd.ms-excel',
    load: async () => (await import('./xls.ts')).readXls,
  },
  doc: {
    title: 'Word document',
    mediaType: 'application/msword',
    load: async () => (await import('./legacy.ts')).readLegacy,
  },
  ppt: {
    title: 'PowerPoint presentation',
    mediaType: 'application/vnd.ms-powerpoint',
    load: async () => (await import('./legacy.ts')).readLegacy,
  },
  odt: {
    title: 'OpenDocument text',
    mediaType: `${opendocument}text`,
    load: async () => (await import('./odt.ts')).readOdt,
  },
  epub: {
    title: 'EPUB book',
    mediaType: 'application/epub',
    load: async () => (await import('./epub.ts')).readEpub,
  },
  rtf: { title: 'RTF document', mediaType: 'text/rtf', load: async () => (await import('./rtf.ts')).readRtf },
  eml: { title: 'e-mail', mediaType: 'message/rfc822', load: async () => (await import('./eml.ts')).readEml },
  msg: {
    title: 'Outlook message',
    mediaType: 'application/vnd.ms-outlook',
    load: async () => (await import('./msg.ts')).readMsg,
  },
  pdf: { title: 'PDF', mediaType: 'application/pdf', load: async () => (await import('./pdf.ts')).readPdf },
  image: { title: 'picture', load: async () => (await import('./image.ts')).readImage },
} as const satisfies Readonly<Record<string, FileFormat>>

export type FormatName = keyof typeof formats

export const formatOf = (name: FormatName): FileFormat => formats[name]
