/**
 * Reads RTF documents, by the rules of HTML once it is known what their control words mean.
 *
 * @module
 */

import type { ReadFile } from './file.ts'
import { draftHtml } from './html.ts'
import { marginElement } from './office/output.ts'
import { type Margin, rtfMarkup } from './rtf/markup.ts'

/**
 * Headings, lists, tables, links, emphasis and notes in both modes; pictures, headers and footers in enhanced mode. Comments and merged
 * cells are not told.
 *
 * @throws {OutflowError} codes `file.damaged`, `file.too_much`
 */
export const readRtf: ReadFile = async ({ bytes }, options) => {
  const { mode, url, imageData, trackedChanges } = options
  const enhanced = mode === 'enhanced'
  /** By what they say and where: sections repeat them. */
  const margins = new Map<string, Margin>()
  const margin = (each: Margin) => void margins.set(JSON.stringify(each), each)
  const markup = rtfMarkup(bytes, {
    enhanced,
    imageData,
    deleted: trackedChanges === 'all',
    ...(enhanced && !options.skipHeadersAndFooters && { margin }),
  })
  const body = draftHtml(
    { markup },
    {
      mode,
      ...(url !== undefined && { url }),
      extractImageBlockTypes: ['Image'],
      extractImageBlockToPayload: imageData,
    },
  )
  const marginsOf = (wanted: Margin['type']) =>
    [...margins.values()].flatMap(({ type, kind, text }) =>
      type === wanted ? marginElement(type, kind, text) : [],
    )
  return [...marginsOf('Header'), ...body, ...marginsOf('Footer')]
}
