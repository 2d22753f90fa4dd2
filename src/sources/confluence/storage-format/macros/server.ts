/**
 * Macros that only the server can render, and macros that nobody has told us about.
 *
 * @module
 */

import { textOf } from '../macro.ts'
import type { Macro, MacroRule } from '../renderer.ts'
import { renderFragment } from '../view.ts'
import { renderBody } from './body.ts'
import { renderSource } from './code.ts'

/** Without a body of its own: as the server renders it, unless that may show what other pages hold. */
const server: MacroRule = {
  asks: (macro) => (mayPointElsewhere(macro) ? [] : [{ ask: 'view' }]),
  render(macro, renderer) {
    const fragment = mayPointElsewhere(macro) ? undefined : renderer.answers.fragment(macro)
    if (!fragment || !renderFragment(macro, fragment, renderer))
      renderer.lose('unsupported_macro', macro.name)
  },
}

export const serverMacros: Readonly<Record<string, MacroRule>> = {
  attachments: server,
  gallery: server,
  roadmap: server,
}

/** Any macro without a rule: its body, where it has one, is what its author wrote. */
export const unknownMacro: MacroRule = {
  asks: (macro, page) => (hasBody(macro) ? [] : server.asks!(macro, page)),
  render(macro, renderer) {
    if (!hasBody(macro)) return server.render(macro, renderer)
    renderer.lose('unknown_macro', macro.name)
    if (macro.richBody) renderer.out.element('div', {}, () => renderBody(macro, renderer))
    else renderSource(macro.plainBody ?? '', { language: '' }, renderer)
  },
}

/** Words in the names of macros that show, or list, what other pages hold. */
const elsewhereWords =
  /includ|excerpt|transclu|reuse|child|descend|tree|list|index|search|report|recent|feed|related|label|page|post|blog|space|content|sibling|navig|activity|contribut/i

/** Whether a macro that nobody has told us about may show other pages, by its name. */
export function soundsLikeOtherPages(macroName: string): boolean {
  return elsewhereWords.test(macroName)
}

const elsewhereParameters: ReadonlySet<string> = new Set(
  'page pageid page-id pagetitle space spacekey spaces cql label labels query ancestor root parent contentid content-id'.split(
    ' ',
  ),
)
const elsewhereResources: ReadonlySet<string> = new Set([
  'ri:page',
  'ri:blog-post',
  'ri:space',
  'ri:content-entity',
])

/** Whether a macro's name or parameters speak of other pages. */
export function mayPointElsewhere(macro: Macro): boolean {
  if (!Object.hasOwn(serverMacros, macro.name.toLowerCase()) && soundsLikeOtherPages(macro.name)) return true
  return macro.parameters.some(
    (parameter) =>
      elsewhereParameters.has((parameter.attributes['ac:name'] ?? '').toLowerCase()) ||
      holdsResource(parameter.children),
  )
}

function holdsResource(nodes: Macro['stray']): boolean {
  return nodes.some(
    (node) => typeof node !== 'string' && (elsewhereResources.has(node.name) || holdsResource(node.children)),
  )
}

function hasBody(macro: Macro): boolean {
  return (
    macro.richBody !== undefined ||
    (macro.plainBody ?? '').trim() !== '' ||
    macro.stray.some((node) => textOf(node).trim() !== '')
  )
}
