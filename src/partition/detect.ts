/**
 * What a file is: by its content first; its name, and what its sender says, decide between kinds of text.
 *
 * @module
 */

import { extname } from 'node:path'
import { fileTypeFromBuffer } from 'file-type'
import { decode, markedEncoding } from '../kit/encodings.ts'
import type { FileInput } from './file.ts'
import type { FormatName } from './formats.ts'
import { languageOf } from './text/source-languages.ts'

/** Binary formats by what the MIME types that their content has look like. */
const byContent: readonly (readonly [type: RegExp, format: FormatName])[] = [
  [/^application\/pdf$/, 'pdf'],
  [/^application\/rtf$/, 'rtf'],
  [/^application\/epub\+zip$/, 'epub'],
  [/^application\/vnd\.oasis\.opendocument\.text(?:-(?:template|master|web))?$/, 'odt'],
  [/wordprocessingml|vnd\.ms-word\..*macro/i, 'docx'],
  [/presentationml|vnd\.ms-powerpoint\..*macro/i, 'pptx'],
  [/spreadsheetml|vnd\.ms-excel\..*macro/i, 'xlsx'],
  [/^image\/(?!svg)/, 'image'],
]

/** Kinds of text by the ending of a name. */
const byEnding: Readonly<Record<string, FormatName>> = {
  htm: 'html',
  html: 'html',
  xhtml: 'html',
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  xml: 'xml',
  eml: 'eml',
  rtf: 'rtf',
  svg: 'image',
  txt: 'text',
  text: 'text',
  log: 'text',
}

/** Kinds of text by what their sender says. */
const bySender: Readonly<Record<string, FormatName>> = {
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'text/markdown': 'markdown',
  'text/x-markdown': 'markdown',
  'text/csv': 'csv',
  'application/csv': 'csv',
  'text/tsv': 'tsv',
  'text/tab-separated-values': 'tsv',
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'message/rfc822': 'eml',
  'application/rtf': 'rtf',
  'text/rtf': 'rtf',
  'image/svg+xml': 'image',
}

/** Bytes that are looked at to tell text from anything else. */
const head = 8192

/** @returns a format, or `undefined` when nothing reads the file */
export async function detectFormat(file: FileInput): Promise<FormatName | undefined> {
  const { bytes, filename = '' } = file
  const found = await fileTypeFromBuffer(bytes)
  if (found?.mime === 'application/x-cfb') return compoundFormat(bytes, filename)
  const known = found && byContent.find(([type]) => type.test(found.mime))
  if (known) return known[1]
  if (found?.mime === 'application/zip') return zipFormat(bytes, filename)
  if (found !== undefined && !isTextual(found.mime)) return undefined
  return looksLikeText(bytes) ? textFormat(file) : undefined
}

const isTextual = (mime: string) =>
  mime.startsWith('text/') || mime.endsWith('xml') || mime === 'application/json'

/** Where the name of an entry in a compound file's directory begins like this, in UTF-16. */
const streams: readonly (readonly [name: string, format: FormatName])[] = [
  ['__substg1.0_', 'msg'],
  ['__properties_version1.0', 'msg'],
  ['WordDocument', 'doc'],
  ['PowerPoint Document', 'ppt'],
  ['Workbook', 'xls'],
  ['Book', 'xls'],
]

/** Old Office files and Outlook messages, by the streams in them; an encrypted one of the new kind, by its name. */
function compoundFormat(bytes: Uint8Array, filename: string): FormatName | undefined {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const holds = (name: string) => content.includes(Buffer.from(name, 'utf16le'))
  if (holds('EncryptedPackage')) return officeByEnding(filename) ?? 'docx'
  return streams.find(([name]) => holds(name))?.[1]
}

/** Beginnings of the names of what every office document of the new kind has. */
const mainParts: readonly (readonly [name: string, format: FormatName])[] = [
  ['word/document', 'docx'],
  ['ppt/presentation', 'pptx'],
  ['xl/workbook', 'xlsx'],
]

/** Packages that do not say in their first entries what they are. */
function zipFormat(bytes: Uint8Array, filename: string): FormatName | undefined {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = mainParts.find(([name]) => content.includes(name))?.[1]
  return found ?? (content.includes('[Content_Types].xml') ? officeByEnding(filename) : undefined)
}

function officeByEnding(filename: string): FormatName | undefined {
  const ending = endingOf(filename)
  if (/^do[ct][xm]$/.test(ending)) return 'docx'
  if (/^p(?:p[tsa]|ot)[xm]$/.test(ending)) return 'pptx'
  return /^xl[st][xm]$/.test(ending) ? 'xlsx' : undefined
}

const endingOf = (filename: string) => extname(filename).slice(1).toLowerCase()

/** A control character here and there is somebody's mistake; one in fifty is no text. */
function looksLikeText(bytes: Uint8Array): boolean {
  const beginning = bytes.subarray(0, head)
  if (markedEncoding(beginning) !== undefined) return true
  let controls = 0
  for (const byte of beginning) {
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls += 1
  }
  return controls * 50 <= beginning.length
}

function textFormat({ bytes, filename = '', mediaType = '' }: FileInput): FormatName {
  const ending = endingOf(filename)
  const text = decode(bytes.subarray(0, head), undefined, '').trimStart()
  if (text.startsWith('{\\rtf')) return 'rtf'
  const named = Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined
  if (named !== undefined) return named
  if (languageOf(filename) !== undefined) return 'source'
  const said = mediaType.split(';', 1)[0]!.trim().toLowerCase()
  if (Object.hasOwn(bySender, said)) return bySender[said]!
  return sniffed(text)
}

/** Text that nobody says anything about. */
function sniffed(text: string): FormatName {
  if (/^(?:<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html[\s>])/i.test(text)) return 'html'
  if (/^(?:<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*)*<svg[\s>]/i.test(text)) return 'image'
  if (/^<\?xml\s/i.test(text)) return 'xml'
  if (isJson(text)) return 'json'
  return mailIn(text) ?? 'text'
}

function isJson(text: string): boolean {
  return /^(?:\[\s*[[{"\d\]]|\{\s*["}])/.test(text)
}

/** Two header lines that mails have. */
function mailIn(text: string): FormatName | undefined {
  const [headers = ''] = text.split(/\r?\n\r?\n/, 1)
  const found =
    headers.match(/^(?:from|to|subject|date|message-id|mime-version|received|return-path):/gim) ?? []
  return new Set(found.map((each) => each.toLowerCase())).size >= 3 && /^[\w-]+:/.test(text)
    ? 'eml'
    : undefined
}
