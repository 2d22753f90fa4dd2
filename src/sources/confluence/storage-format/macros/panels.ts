/**
 * Call-outs and folds.
 *
 * @module
 */

import type { MacroRule } from '../renderer.ts'
import { renderBody, renderTitle } from './body.ts'

function panel(kind: string): MacroRule {
  return {
    render(macro, renderer) {
      renderer.out.element('aside', { 'data-panel': kind }, () => {
        renderTitle(macro.text('title'), renderer)
        renderBody(macro, renderer)
      })
    },
  }
}

const expand: MacroRule = {
  render(macro, renderer) {
    const { out } = renderer
    const title = macro.text('title') || macro.text('')
    out.element('details', {}, () => {
      if (title !== '') out.phrase('summary', {}, title)
      renderBody(macro, renderer)
    })
  },
}

export const panelMacros: Readonly<Record<string, MacroRule>> = {
  info: panel('info'),
  note: panel('note'),
  tip: panel('tip'),
  success: panel('tip'),
  warning: panel('warning'),
  error: panel('warning'),
  panel: panel('panel'),
  roundrect: panel('panel'),
  expand,
  'ui-expand': expand,
}
