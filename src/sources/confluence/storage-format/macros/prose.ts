/**
 * Bodies in another language of writing: HTML and Markdown.
 *
 * @module
 */

import type { Macro, MacroRule, Renderer } from '../renderer.ts'
import { parseView } from '../tree.ts'
import { sourceOf } from './code.ts'

/** Scripts and styles in it are dropped by the renderer, like everywhere. */
const html: MacroRule = {
  render: (macro, renderer) =>
    renderer.out.element('div', {}, () => renderer.render(parseView(sourceOf(macro)).children)),
}

/** Markdown reads well as it stands: a paragraph for each. */
const markdown: MacroRule = { render: renderParagraphs }

export const proseMacros: Readonly<Record<string, MacroRule>> = {
  html,
  'html-macro': html,
  'html-bobswift': html,
  markdown,
  'markdown-macro': markdown,
  'easy-markdown': markdown,
}

function renderParagraphs(macro: Macro, { out }: Renderer): void {
  for (const paragraph of sourceOf(macro).split(/\n\s*\n/)) {
    if (paragraph.trim() !== '') out.phrase('p', {}, paragraph.trim())
  }
}
