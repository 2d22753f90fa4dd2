/**
 * Reads files of HTML: by the rules that pages of a wiki are read by.
 *
 * @module
 */

import type { FileOptions, ReadFile } from './file.ts'
import { draftHtml, type HtmlOptions } from './html.ts'
import { textOfFile } from './text.ts'

/** Options of files as options of HTML. */
export const htmlOptions = (options: FileOptions): HtmlOptions => ({
  mode: options.mode,
  ...(options.url !== undefined && { url: options.url }),
  skipHeadersAndFooters: options.skipHeadersAndFooters,
  extractImageBlockTypes: options.imageData ? ['Image'] : [],
  extractImageBlockToPayload: options.imageData,
})

export const readHtmlFile: ReadFile = async (file, options) =>
  draftHtml({ text: textOfFile(file, options) }, htmlOptions(options))
