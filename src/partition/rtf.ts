/**
 * Reads RTF documents, by the rules of HTML once it is known what their control words mean.
 *
 * @module
 */

import type { ReadFile } from './file.ts'
import { draftHtml } from './html.ts'
import { rtfMarkup } from './rtf/markup.ts'

/**
 * Headings, lists, tables, links, emphasis and notes in both modes; pictures in enhanced mode. Page headers and footers, comments and
 * merged cells are not told.
 *
 * @throws {OutflowError} codes `file.damaged`, `file.too_much`
 */
export const readRtf: ReadFile = async ({ bytes }, { mode, url, imageData, trackedChanges }) =>
  draftHtml(
    {
      markup: rtfMarkup(bytes, {
        enhanced: mode === 'enhanced',
        imageData,
        deleted: trackedChanges === 'all',
      }),
    },
    {
      mode,
      ...(url !== undefined && { url }),
      extractImageBlockTypes: ['Image'],
      extractImageBlockToPayload: imageData,
    },
  )
