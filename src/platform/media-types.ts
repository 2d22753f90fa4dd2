/**
 * What a file is: as its sender says, as its name ends, or as it begins.
 *
 * @module
 */

/** By the ending of a name. What has no partitioner is here, too, so that it can be refused by its own name. */
const byEnding: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  xhtml: 'application/xhtml+xml',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  xml: 'application/xml',
  pdf: 'application/pdf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  odt: 'application/vnd.oasis.opendocument.text',
  epub: 'application/epub+zip',
  rtf: 'application/rtf',
  eml: 'message/rfc822',
  msg: 'application/vnd.ms-outlook',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  zip: 'application/zip',
  gz: 'application/gzip',
}

/** Types that senders give when they do not know. */
const saysNothing: ReadonlySet<string> = new Set([
  '',
  'application/octet-stream',
  'binary/octet-stream',
  'application/x-www-form-urlencoded',
  'text/plain',
])

/** How HTML begins, after blanks and comments. */
const htmlBeginning = /^\ufeff?(?:\s|<\?xml[^>]*>|<!--[\s\S]*?-->)*<(?:!doctype\s+html|html[\s>])/i

/** Bytes that are looked at. */
const head = 4096

/** Without parameters, lower case: `text/html`. */
export function mediaTypeOf(file: {
  readonly filename: string
  /** As the sender says. */
  readonly mediaType: string
  readonly content: Uint8Array
}): string {
  const said = essence(file.mediaType)
  if (!saysNothing.has(said)) return said
  const ending = /\.([^.]+)$/.exec(file.filename)?.[1]?.toLowerCase()
  if (ending !== undefined && Object.hasOwn(byEnding, ending)) return byEnding[ending]!
  const beginning = Buffer.from(file.content.subarray(0, head)).toString('utf8')
  if (htmlBeginning.test(beginning)) return 'text/html'
  return said === 'text/plain' ? said : 'application/octet-stream'
}

const essence = (mediaType: string) => mediaType.split(';', 1)[0]!.trim().toLowerCase()
