/**
 * Plain HTML in a page, in storage format and in what the server renders: passed on, but for what nobody reads, and translated where
 * the server says by a class what only a hint of the markup contract says.
 *
 * @module
 */

import type { Renderer } from '../renderer.ts'
import type { XmlElement } from '../tree.ts'

/** Passed on as they are. */
const known: ReadonlySet<string> = new Set(
  (
    'a abbr address article aside b bdi bdo big blockquote br caption cite code col colgroup data dd details dfn div dl dt em ' +
    'figcaption figure hgroup hr i img kbd li mark meter ol p pre q s samp section small span strike strong sub summary sup ' +
    'table tbody td tfoot th thead time tr tt u ul var wbr'
  ).split(' '),
)

/** Never read by anybody. */
const dropped: ReadonlySet<string> = new Set(
  'script style meta link template noscript title head button input select textarea svg'.split(' '),
)

/** Old or special ones, by what they look like. `del` is text that is still there, struck through. */
const renamed: Readonly<Record<string, string>> = {
  center: 'div',
  del: 's',
  fieldset: 'div',
  font: 'span',
  footer: 'div',
  form: 'div',
  header: 'div',
  ins: 'u',
  label: 'span',
  legend: 'p',
  nav: 'div',
}

/** An element without a rule of its own. Unknown ones show what is in them. */
export function renderHtml(element: XmlElement, renderer: Renderer): void {
  const { name, attributes } = element
  if (dropped.has(name) || isHidden(attributes)) return
  const shown = renamed[name] ?? name
  if (!known.has(shown)) renderer.render(element.children)
  else if (attributes.class !== undefined) renderByClass(shown, element, renderer)
  else {
    renderer.out.open(shown, attributes)
    renderer.render(element.children)
    renderer.out.close(shown)
  }
}

/** Taken out of sight, by its author or by Confluence's own class for it. */
function isHidden({ style, class: classes }: XmlElement['attributes']): boolean {
  return (
    (style !== undefined && /display\s*:\s*none/i.test(style)) ||
    (classes !== undefined && /(?:^|\s)hidden(?:\s|$)/.test(classes))
  )
}

interface Translation {
  readonly class: RegExp
  readonly name?: string
  readonly attributes: (
    attributes: XmlElement['attributes'],
    match: RegExpExecArray,
  ) => Record<string, string>
}

/** The server's classes, first match. Colours of lozenges: Data Center's and Cloud's names. */
const translations: readonly Translation[] = [
  {
    class: /\bconfluence-information-macro-(information|note|tip|warning)\b/,
    name: 'aside',
    attributes: (_, [, kind = '']) => ({ 'data-panel': kind === 'information' ? 'info' : kind }),
  },
  {
    class: /\baui-lozenge-(\w+)/,
    attributes: (_, [, kind = '']) => ({ 'data-status': lozengeColours[kind] ?? 'grey' }),
  },
  { class: /\bstatus-macro\b/, attributes: () => ({ 'data-status': 'grey' }) },
  {
    class: /\buser-mention\b/,
    attributes: ({ href = '', 'data-account-id': account, 'data-username': name }) => ({
      href,
      'data-user': account ?? name ?? '',
    }),
  },
]

const lozengeColours: Readonly<Record<string, string>> = {
  success: 'green',
  error: 'red',
  current: 'yellow',
  moved: 'yellow',
  complete: 'blue',
  progress: 'blue',
  inprogress: 'blue',
  new: 'purple',
}

function renderByClass(name: string, element: XmlElement, { out, render }: Renderer): void {
  const translated = translate(name, element)
  out.element(translated.name, translated.attributes, () => render(element.children))
}

function translate(
  name: string,
  { attributes }: XmlElement,
): { name: string; attributes: Record<string, string> } {
  const classes = attributes.class ?? ''
  for (const translation of translations) {
    const match = translation.class.exec(classes)
    if (match)
      return { name: translation.name ?? name, attributes: translation.attributes(attributes, match) }
  }
  return { name, attributes: { ...attributes } }
}
