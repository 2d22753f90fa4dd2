/**
 * Reads workbooks of Excel 97 to 2003 (.xls), one sheet after the other; older ones go through LibreOffice, as Word's do.
 *
 * @module
 */

import type { ReadFile } from './file.ts'
import { readLegacy } from './legacy.ts'
import { openCompound } from './office/compound.ts'
import { damaged } from './problems.ts'
import { sheetElements } from './sheets/elements.ts'
import { readCells } from './xls/cells.ts'
import { readGlobals } from './xls/globals.ts'
import { what } from './xls/records.ts'

/** @throws {OutflowError} codes `file.damaged`, `file.encrypted`, `file.too_much`; `file.unsupported` for older ones without LibreOffice */
export const readXls: ReadFile = async (file, options, context) => {
  const compound = openCompound(file.bytes, what)
  const stream = compound.read('Workbook')
  const globals = stream && readGlobals(stream)
  if (!stream || !globals) {
    if (stream || compound.names.includes('Book')) return readLegacy(file, options, context)
    throw damaged(what, 'there are no sheets in it')
  }
  const seen = new Set<number>()
  return globals.sheets.flatMap(({ start, ...listed }, index) => {
    context.signal.throwIfAborted()
    if (seen.has(start)) return []
    seen.add(start)
    const content = readCells(stream, start, globals)
    return sheetElements({ ...listed, number: options.startingPageNumber + index, ...content }, options)
  })
}
