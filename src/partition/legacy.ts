/**
 * Reads Word, PowerPoint and Excel files of before 2007 (.doc, .ppt; .xls of before 1997): LibreOffice makes the newer kind of them, where it is installed.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import type { FileInput, ReadFile } from './file.ts'
import { convert } from './legacy/convert.ts'
import { damaged, unsupported } from './problems.ts'

interface Kind {
  readonly title: string
  readonly older: string
  readonly newer: string
  readonly mediaType: string
}

const openxml = 'application/vnd.openxmlformats-officedocument.'
const word: Kind = {
  title: 'Word document',
  older: 'doc',
  newer: 'docx',
  mediaType: `${openxml}wordprocessingml.document`,
}
const powerpoint: Kind = {
  title: 'PowerPoint presentation',
  older: 'ppt',
  newer: 'pptx',
  mediaType: `${openxml}presentationml.presentation`,
}
const excel: Kind = {
  title: 'Excel workbook',
  older: 'xls',
  newer: 'xlsx',
  mediaType: `${openxml}spreadsheetml.sheet`,
}
/** What the streams of each kind are called in it; of a Word document, anything else. */
const streams: readonly (readonly [name: Buffer, kind: Kind])[] = [
  [Buffer.from('PowerPoint Document', 'utf16le'), powerpoint],
  [Buffer.from('WordDocument', 'utf16le'), word],
  [Buffer.from('Workbook', 'utf16le'), excel],
  [Buffer.from('Book', 'utf16le'), excel],
]

/**
 * The elements of the newer file, under the older one's name.
 *
 * @throws {OutflowError} codes `file.unsupported` without LibreOffice; `file.damaged` when it cannot read the file, or takes too long
 */
export const readLegacy: ReadFile = async (file, _options, { soffice, signal, nested }) => {
  const kind = kindOf(file)
  const { title, older, newer, mediaType } = kind
  if (soffice === undefined)
    throw unsupported(
      `The ${title} is of the kind before 2007, which LibreOffice would read, and LibreOffice is not installed.`,
      `Save it as .${newer}, or install LibreOffice and name its program with OUTFLOW_LIBREOFFICE.`,
    )
  const bytes = await convert(file.bytes, { soffice, older, newer, signal })
  if (bytes === undefined) throw damaged(title, 'LibreOffice could make nothing of it')
  return nested({ bytes, mediaType, ...(file.filename !== undefined && { filename: file.filename }) })
}

function kindOf({ bytes }: FileInput): Kind {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return streams.find(([name]) => content.includes(name))?.[1] ?? word
}
