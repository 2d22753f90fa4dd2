/**
 * Reads PDFs.
 *
 * @module
 */

import type { ReadFile } from './file.ts'
import { withDocument, withPage } from './pdf/document.ts'
import { readTextLayer } from './pdf/page.ts'

export const readPdf: ReadFile = (file, options, context) =>
  withDocument(file.bytes, options.password, async (document) => {
    const elements = []
    for (let index = 0; index < document.pages; index++) {
      context.signal.throwIfAborted()
      const number = options.startingPageNumber + index
      const parts = await withPage(document, index, async (page) => readTextLayer(page, options, number))
      for (const { element } of parts ?? []) elements.push(element)
    }
    return elements
  })
