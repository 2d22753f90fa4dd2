/**
 * Reads Markdown: made HTML by `marked`, then read by the rules of HTML (the reference takes the same way with another library).
 *
 * @module
 */

import { Marked } from 'marked'
import type { ReadFile } from './file.ts'
import { draftHtml } from './html.ts'
import { htmlOptions } from './html-file.ts'
import { damaged } from './problems.ts'
import { textOfFile } from './text.ts'

const marked = new Marked({ gfm: true, async: false })

export const readMarkdown: ReadFile = async (file, options) => {
  const text = textOfFile(file, options)
  let html: string
  try {
    html = marked.parse(text) as string
  } catch (thrown) {
    // Nesting beyond what the parser's recursion bears.
    throw damaged('Markdown file', 'its lists or quotes are nested too deep', thrown)
  }
  return draftHtml({ text: html }, htmlOptions(options))
}
