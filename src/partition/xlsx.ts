/**
 * Reads workbooks (.xlsx, .xlsm, .xltx; transitional and strict OOXML), one sheet after the other.
 *
 * @module
 */

import type { FileOptions, ReadContext, ReadFile } from './file.ts'
import { readSheetComments } from './office/comments.ts'
import { parseOffice } from './office/namespaces.ts'
import { createOutput, type Output } from './office/output.ts'
import { type Relationships, relatedPart, relationshipsOf } from './office/relationships.ts'
import { childOf, childrenOf, type XmlNode } from './office/xml.ts'
import { openZip, type Zip } from './office/zip.ts'
import { damaged, unsupported } from './problems.ts'
import { writeDrawing } from './sheets/drawing.ts'
import { sheetElements, sheetFacts } from './sheets/elements.ts'
import type { Book, Sheet } from './sheets/sheet.ts'
import { readFormats, readSheet, readStrings } from './sheets/xlsx-parts.ts'

const what = 'Excel workbook'

/** @throws {OutflowError} codes `file.damaged`, `file.encrypted`, `file.too_much`; `file.unsupported` for the binary kind (.xlsb) */
export const readXlsx: ReadFile = async ({ bytes }, options, context) => {
  const archive = await openZip(bytes, what)
  const part = relatedPart(await relationshipsOf(archive, '', what), 'officeDocument')
  if (part === undefined) throw damaged(what, 'it does not say where its sheets are')
  if (part.endsWith('.bin'))
    throw unsupported(
      'The Excel workbook is of the binary kind (XLSB), which is not read.',
      'Save it as .xlsx.',
    )
  const workbook = parseOffice(await partOf(archive, part), what)
  const related = await relationshipsOf(archive, part, what)
  const book = await readBook(archive, workbook, related)
  const output = createOutput({ options, context, archive, paged: false })
  for (const [index, { attributes }] of childrenOf(childOf(workbook, 'sheets')).entries()) {
    context.signal.throwIfAborted()
    const target = related.get(attributes['r:id'] ?? '')?.target
    if (target === undefined) continue
    const hidden = attributes.state === 'hidden' || attributes.state === 'veryHidden'
    const listed = { name: attributes.name ?? '', number: options.startingPageNumber + index, hidden }
    await writeSheet(listed, target, { archive, main: related, book, output, options, lose: context.lose })
  }
  await output.complete()
  return output.elements
}

async function readBook(archive: Zip, workbook: XmlNode, related: Relationships): Promise<Book> {
  const textOf = async (type: string) => {
    const target = relatedPart(related, type)
    return target === undefined ? undefined : archive.text(target)
  }
  const from1904 = /^(?:1|true)$/.test(childOf(workbook, 'workbookPr')?.attributes.date1904 ?? '')
  return {
    strings: readStrings(await textOf('sharedStrings'), what),
    formats: readFormats(await textOf('styles'), what, from1904),
  }
}

interface SheetWriter extends Pick<ReadContext, 'lose'> {
  readonly archive: Zip
  /** The workbook's. */
  readonly main: Relationships
  readonly book: Book
  readonly output: Output
  readonly options: FileOptions
}

/** Sheets of charts alone have no cells, but what is drawn on them. */
async function writeSheet(
  listed: Pick<Sheet, 'name' | 'number' | 'hidden'>,
  part: string,
  { archive, main, book, output, options, lose }: SheetWriter,
): Promise<void> {
  const xml = await archive.text(part)
  if (xml === undefined) return lose({ code: 'sheet_missing', name: listed.name })
  const related = await relationshipsOf(archive, part, what)
  const content = readSheet(xml, what, { ...book, related })
  const source = { archive, main, own: related, what }
  const comments = options.includeComments ? await readSheetComments(source) : []
  for (const { type, text, metadata } of sheetElements({ ...listed, ...content, comments }, options))
    output.add(type, text, metadata)
  const facts = sheetFacts(listed, options)
  if (options.mode === 'enhanced') await writeDrawing({ archive, related, output, facts, what, lose })
}

async function partOf(archive: Zip, name: string): Promise<string> {
  const text = await archive.text(name)
  if (text === undefined) throw damaged(what, `its part ${name} is missing`)
  return text
}
