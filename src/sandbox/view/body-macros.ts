/**
 * Macros that dress what stands in them: panels, code, status and the like.
 *
 * @module
 */

import { escapeValue } from '../../util/escape.ts'
import { body, error, type MacroRenderer, plainBodyOf, wrap } from './macro.ts'
import { everyTag, html, textOf } from './markup.ts'

export const notice =
  (kind: string): MacroRenderer =>
  (macro, rendering) => {
    const title = macro.parameter('title')
    const heading = title === undefined ? '' : html('p', { class: 'title' }, escapeValue(title))
    const inside = html('div', { class: 'confluence-information-macro-body' }, body(macro, rendering))
    const css = `confluence-information-macro confluence-information-macro-${kind}`
    return wrap(macro, `${heading}${inside}`, { css })
  }

export const panel: MacroRenderer = (macro, rendering) => {
  const title = macro.parameter('title')
  const header =
    title === undefined ? '' : html('div', { class: 'panelHeader' }, html('b', {}, escapeValue(title)))
  const inside = html('div', { class: 'panelContent' }, body(macro, rendering))
  return wrap(macro, `${header}${inside}`, { css: 'panel' })
}

export const code: MacroRenderer = (macro) => {
  const text = plainBodyOf(macro.tag)
  const title = macro.parameter('title')
  const header =
    title === undefined
      ? ''
      : html('div', { class: 'codeHeader panelHeader' }, html('b', {}, escapeValue(title)))
  const params = `brush: ${macro.parameter('language') ?? 'java'}; gutter: false; theme: Confluence`
  const pre = html(
    'pre',
    { class: 'syntaxhighlighter-pre', 'data-syntaxhighlighter-params': params },
    text === undefined ? '' : escapeValue(textOf(text)),
  )
  return wrap(macro, `${header}${html('div', { class: 'codeContent panelContent pdl' }, pre)}`, {
    css: 'code panel pdl',
  })
}

export const noformat: MacroRenderer = (macro) => {
  const text = plainBodyOf(macro.tag)
  return wrap(macro, html('pre', {}, text === undefined ? '' : escapeValue(textOf(text))), {
    css: 'preformatted panel',
  })
}

export const expand: MacroRenderer = (macro, rendering) => {
  const title = macro.parameter('title') ?? 'Click here to expand...'
  const control = html('div', { class: 'expand-control' }, escapeValue(title))
  const content = html('div', { class: 'expand-content' }, body(macro, rendering))
  return wrap(macro, `${control}${content}`, { css: 'expand-container' })
}

export const status: MacroRenderer = (macro) =>
  wrap(macro, escapeValue(macro.parameter('title') ?? ''), {
    element: 'span',
    css: 'status-macro aui-lozenge aui-lozenge-visual-refresh',
  })

export const plainly: MacroRenderer = (macro, rendering) => wrap(macro, body(macro, rendering))

export const viewFile: MacroRenderer = (macro) => {
  const file = [...everyTag(macro.tag, 'ri:attachment')][0]
  return wrap(macro, escapeValue(file?.attributes['ri:filename'] ?? ''), { element: 'span' })
}

export const quote: MacroRenderer = (macro, rendering) =>
  wrap(macro, html('blockquote', {}, body(macro, rendering)))

export const widget: MacroRenderer = (macro) => {
  const href = [...everyTag(macro.tag, 'ri:url')][0]?.attributes['ri:value'] ?? macro.parameter('url') ?? ''
  return wrap(macro, html('a', { href }, escapeValue(href)), { css: 'embed-player' })
}

export const jira: MacroRenderer = (macro) => {
  const key = macro.parameter('key')
  const shown = key === undefined ? `Jira query: ${macro.parameter('jqlQuery') ?? ''}` : key
  return wrap(macro, escapeValue(shown), { element: key === undefined ? 'div' : 'span', css: 'jira-issue' })
}

export const anchor: MacroRenderer = (macro) =>
  html('span', { class: 'confluence-anchor-link', id: macro.parameter('') })

export const unknown: MacroRenderer = (macro) =>
  wrap({ ...macro, name: 'unknown-macro' }, error(`Unknown macro: '${macro.name}'`))
