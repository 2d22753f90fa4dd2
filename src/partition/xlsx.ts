/**
 * Reads workbooks (.xlsx, .xlsm, .xltx; transitional and strict OOXML), one sheet after the other.
 *
 * @module
 */

import type { Element } from '../model/element.ts'
import type { ReadFile } from './file.ts'
import { relatedPart, relationshipsOf } from './office/relationships.ts'
import { childOf, childrenOf, parseXml } from './office/xml.ts'
import { openZip, type Zip } from './office/zip.ts'
import { damaged, unsupported } from './problems.ts'
import { sheetElements } from './sheets/elements.ts'
import { readFormats, readSheet, readStrings } from './sheets/xlsx-parts.ts'

const what = 'Excel workbook'

/** @throws {OutflowError} codes `file.damaged`, `file.encrypted`, `file.too_much`; `file.unsupported` for the binary kind (.xlsb) */
export const readXlsx: ReadFile = async ({ bytes }, options, { signal }) => {
  const archive = await openZip(bytes, what)
  const part = relatedPart(await relationshipsOf(archive, '', what), 'officeDocument')
  if (part === undefined) throw damaged(what, 'it does not say where its sheets are')
  if (part.endsWith('.bin'))
    throw unsupported(
      'The Excel workbook is of the binary kind (XLSB), which is not read.',
      'Save it as .xlsx.',
    )
  const workbook = parseXml(await partOf(archive, part), what)
  const related = await relationshipsOf(archive, part, what)
  const textOf = async (type: string) => {
    const target = relatedPart(related, type)
    return target === undefined ? undefined : archive.text(target)
  }
  const from1904 = /^(?:1|true)$/.test(childOf(workbook, 'workbookPr')?.attributes.date1904 ?? '')
  const book = {
    strings: readStrings(await textOf('sharedStrings'), what),
    formats: readFormats(await textOf('styles'), what, from1904),
  }
  const elements: Element[] = []
  for (const [index, { attributes }] of childrenOf(childOf(workbook, 'sheets')).entries()) {
    signal.throwIfAborted()
    const target = related.get(attributes['r:id'] ?? attributes.id ?? '')?.target
    const xml = target === undefined ? undefined : await archive.text(target)
    if (xml === undefined) continue
    const facts = { name: attributes.name ?? '', number: options.startingPageNumber + index }
    const hidden = attributes.state === 'hidden' || attributes.state === 'veryHidden'
    elements.push(...sheetElements({ ...facts, hidden, ...readSheet(xml, what, book) }, options))
  }
  return elements
}

async function partOf(archive: Zip, name: string): Promise<string> {
  const text = await archive.text(name)
  if (text === undefined) throw damaged(what, `its part ${name} is missing`)
  return text
}
