/**
 * Formulas: shown as their source, which says more than a picture of them.
 *
 * @module
 */

import type { Macro, MacroRule } from '../renderer.ts'
import { renderSource, sourceOf } from './code.ts'

const inline: MacroRule = {
  render: (macro, { out }) => out.phrase('code', { 'data-math': '' }, formula(macro)),
}

const block: MacroRule = {
  render: (macro, renderer) => renderSource(formula(macro), { language: 'latex' }, renderer),
}

export const formulaMacros: Readonly<Record<string, MacroRule>> = {
  'eazy-math-inline': inline,
  'easy-math-inline': inline,
  mathinline: inline,
  'mathjax-inline-macro': inline,
  'latex-inline': inline,
  'eazy-math-block': block,
  'easy-math-block': block,
  mathblock: block,
  'mathjax-block-macro': block,
  latex: block,
  'latex-formatting': block,
  math: block,
}

function formula(macro: Macro): string {
  return sourceOf(macro) || macro.text('body') || macro.text('equation') || macro.text('')
}
