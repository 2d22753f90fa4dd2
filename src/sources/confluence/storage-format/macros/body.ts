/**
 * Macros that only arrange, decorate or name what is in them: their body is shown where it stands.
 *
 * @module
 */

import type { Macro, MacroRule, Renderer } from '../renderer.ts'

/** A rule that shows the body in a plain container. */
const container: MacroRule = {
  render: (macro, renderer) => renderer.out.element('div', {}, () => renderBody(macro, renderer)),
}

/** A rule that shows the body in the midst of a sentence. */
const inline: MacroRule = { render: renderBody }

/** Tabs and cards: their label is read like a heading of their own. */
const labelled: MacroRule = {
  render(macro, renderer) {
    renderer.out.element('div', {}, () => {
      renderTitle(
        macro.text('title') || macro.text('label') || macro.text('name') || macro.text(''),
        renderer,
      )
      renderBody(macro, renderer)
    })
  },
}

/** Hidden ones are there for other pages to quote. Confluence does not show them here either. */
const unlessHidden: MacroRule = {
  render(macro, renderer) {
    if (macro.text('hidden') === 'true') return
    const inSentence = macro.text('atlassian-macro-output-type').toUpperCase() === 'INLINE'
    if (inSentence) renderBody(macro, renderer)
    else renderer.out.element('div', {}, () => renderBody(macro, renderer))
  },
}

export const bodyMacros: Readonly<Record<string, MacroRule>> = {
  excerpt: unlessHidden,
  details: unlessHidden,
  section: container,
  column: container,
  align: container,
  center: container,
  div: container,
  span: inline,
  'toc-zone': container,
  numberedheadings: container,
  'shared-block': container,
  multiexcerpt: container,
  'multiexcerpt-macro': container,
  'table-filter': container,
  'table-excerpt': container,
  'table-joiner': container,
  'pivot-table': container,
  'table-chart': container,
  'table-transformer': container,
  'table-plus': container,
  chart: container,
  'ui-text-box': container,
  'ui-tabs': container,
  'ui-tab': labelled,
  deck: container,
  card: labelled,
  'tab-group': container,
  'tab-pane': labelled,
  localtabgroup: container,
  localtab: labelled,
  'rw-ui-tabs-macro': container,
  'rw-tab': labelled,
  auitabs: container,
  auitabspage: labelled,
  cloak: container,
  'content-layer': container,
  'content-column': container,
  'content-block': container,
  'scroll-ignore': container,
  'scroll-landscape': container,
  'scroll-portrait': container,
  highlight: inline,
  lozenge: container,
  quote: {
    render: (macro, renderer) => renderer.out.element('blockquote', {}, () => renderBody(macro, renderer)),
  },
}

/** Whatever body a macro has; a plain one as the text it is. */
export function renderBody(macro: Macro, renderer: Renderer): void {
  if (macro.richBody) renderer.render(macro.richBody.children)
  if (macro.plainBody) renderer.out.text(macro.plainBody)
}

/** A title line above a body; nothing when there is none. */
export function renderTitle(title: string, { out }: Renderer): void {
  if (title !== '') out.element('p', {}, () => out.phrase('strong', {}, title))
}
