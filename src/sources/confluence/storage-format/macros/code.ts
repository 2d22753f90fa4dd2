/**
 * Code, preformatted text, and diagrams and formulas whose source is in the page.
 *
 * @module
 */

import { shownText } from '../macro.ts'
import type { Macro, MacroRule, Renderer } from '../renderer.ts'
import { renderTitle } from './body.ts'

/** A rule for a body that is source in a language of its own, or in the one that the macro names. */
function code(language?: string): MacroRule {
  return {
    render(macro, renderer) {
      const title = macro.text('title')
      renderTitle(title, renderer)
      renderSource(sourceOf(macro), { title, language: language ?? namedLanguage(macro) }, renderer)
    },
  }
}

export const codeMacros: Readonly<Record<string, MacroRule>> = {
  code: code(),
  'code-block': code(),
  codeblock: code(),
  sourcecode: code(),
  noformat: code(''),
  'unmigrated-wiki-markup': code('wiki'),
  'unmigrated-inline-wiki-markup': code('wiki'),
}

/** Writes source as a block of its own, line by line as it stands. */
export function renderSource(
  source: string,
  { language, title = '' }: { readonly language: string; readonly title?: string },
  { out }: Renderer,
): void {
  if (source.trim() === '') return
  const attributes = {
    ...(language !== '' && { 'data-language': language }),
    ...(title !== '' && { 'data-title': title }),
  }
  out.phrase('pre', attributes, source)
}

/** The body's text; of a rich body too, and of text that lost its body. */
export function sourceOf(macro: Macro): string {
  return macro.plainBody ?? shownText(macro.richBody)
}

/** `none` is how the editor says that it knows no name for it. */
function namedLanguage(macro: Macro): string {
  const language = macro.text('language') || macro.text('lang') || macro.text('')
  return language === 'none' ? '' : language
}
