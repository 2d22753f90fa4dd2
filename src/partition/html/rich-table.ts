/**
 * Reads one table with all that a reader sees in it: spans, header cells, caption, lists, links, images, code, task state, nested
 * tables. The text has one line for each row; the HTML is compact and holds no other tags than the ones written here.
 *
 * @module
 */

import { collapseSpace, isBlank } from '../../kit/whitespace.ts'
import { escapeText, escapeValue } from '../../util/escape.ts'
import { type Attributes, emojiOf, isTask, isTicked } from './hints.ts'
import type { Roles } from './roles.ts'
import type { TableContent, TableReader } from './table.ts'

interface RichTableOptions {
  readonly roles: Roles
  /** Makes an address absolute. */
  readonly absolute: (url: string) => string
}

/** Parts of a table and lists in a cell: kept as tags, so that no line break is needed around them. */
const structure: ReadonlySet<string> = new Set([
  'table',
  'caption',
  'thead',
  'tr',
  'th',
  'td',
  'ul',
  'ol',
  'li',
  'pre',
])
/** Parts that say nothing. */
const ignored: ReadonlySet<string> = new Set(['tbody', 'tfoot', 'colgroup', 'col'])

function cellTag(name: string, attributes: Attributes): string {
  const spans = (['colspan', 'rowspan'] as const)
    .map((span) => [span, Number.parseInt(attributes[span] ?? '', 10)] as const)
    .filter(([, count]) => count > 1)
  return `<${name}${spans.map(([span, count]) => ` ${span}="${count}"`).join('')}>`
}

/** Text and HTML of a table, grown side by side. Separators wait until something follows them. */
function createPage() {
  let text = ''
  let html = ''
  let textGap: '' | ' ' | '\n' = ''
  let htmlGap: '' | ' ' | '<br/>' = ''
  /** Nothing stands in the current cell, item or line yet. */
  let fresh = true

  function closeGap(): void {
    if (!fresh) html += htmlGap
    htmlGap = ''
  }

  return {
    isEmpty: () => text === '',
    html: () => html,
    text: () => text,
    /** Puts words into both. */
    write(words: string, markup = escapeText(words)): void {
      closeGap()
      html += markup
      fresh = false
      if (words === '') return
      text += text === '' ? words : textGap + words
      textGap = ''
    },
    space(): void {
      textGap ||= ' '
      htmlGap ||= ' '
    },
    line(): void {
      textGap ||= ' '
      htmlGap = '<br/>'
    },
    row(): void {
      textGap = '\n'
    },
    /** A tag that separates by itself. */
    tag(tag: string): void {
      html += tag
      htmlGap = ''
      textGap ||= ' '
      fresh = true
    },
    /** A tag in the line: opening tags come after the gap, closing tags before it. */
    inline(tag: string): void {
      if (!tag.startsWith('</')) closeGap()
      html += tag
    },
  }
}

export function createRichTable({ roles, absolute }: RichTableOptions): TableReader {
  const page = createPage()
  const links: { text: string; url: string }[] = []
  /** What to do when each open element closes. */
  const closers: (() => void)[] = []
  let link: { text: string; url: string } | undefined
  let nested = 0
  let verbatim = 0
  let hasImage = false

  function write(words: string, markup?: string): void {
    page.write(words, markup)
    if (link !== undefined && words !== '') link.text += link.text === '' ? words : ` ${words}`
  }

  function openStructure(name: string, attributes: Attributes): () => void {
    if (name === 'table') nested++
    if (name === 'tr' && nested === 0) page.row()
    page.tag(name === 'td' || name === 'th' ? cellTag(name, attributes) : `<${name}>`)
    if (name === 'pre') verbatim++
    if (name === 'li' && isTask(attributes)) {
      write(isTicked(attributes) ? '☑' : '☐')
      page.space()
    }
    return () => {
      if (name === 'table') nested--
      if (name === 'pre') verbatim--
      page.tag(`</${name}>`)
      if (name === 'caption' && nested === 0) page.row()
    }
  }

  function openLink(attributes: Attributes): () => void {
    if (!attributes.href || link !== undefined) return () => {}
    const opened = { text: '', url: attributes.href }
    link = opened
    page.inline(`<a href="${escapeValue(absolute(opened.url))}">`)
    return () => {
      page.inline('</a>')
      if (opened.text !== '') links.push(opened)
      link = undefined
    }
  }

  function openImage(attributes: Attributes): void {
    const emoji = emojiOf(attributes)
    if (emoji !== undefined) {
      if (emoji !== '') write(emoji)
      return
    }
    const source = attributes.src ?? ''
    const alt = collapseSpace(attributes.alt ?? '')
    if (source === '' && alt === '') return
    hasImage = true
    const address =
      source === '' || source.startsWith('data:') ? '' : ` src="${escapeValue(absolute(source))}"`
    page.space()
    write(alt, `<img alt="${escapeValue(alt)}"${address}/>`)
    page.space()
  }

  function openBlock(): () => void {
    if (verbatim > 0) {
      write('', '\n')
      return () => {}
    }
    page.line()
    return page.line
  }

  function openOther(name: string, attributes: Attributes): () => void {
    const role = roles.named.get(name) ?? roles.unknown
    if (role.kind === 'flow') return openBlock()
    if (role.kind === 'lineBreak') openBlock()
    else if (role.kind === 'image') openImage(attributes)
    else if (role.kind === 'phrasing' && role.link) return openLink(attributes)
    else if (role.kind === 'phrasing' && role.code && verbatim === 0) {
      page.inline('<code>')
      return () => page.inline('</code>')
    }
    return () => {}
  }

  function writeNode(node: string): void {
    const words = collapseSpace(node)
    if (verbatim > 0) write(words, escapeText(node))
    else if (words === '') page.space()
    else {
      if (isBlank(node[0]!)) page.space()
      write(words)
      if (isBlank(node.at(-1)!)) page.space()
    }
  }

  function content(): TableContent | undefined {
    if (page.isEmpty() && !hasImage) return undefined
    return { text: page.text(), html: `<table>${page.html()}</table>`, links }
  }

  return {
    content,
    open(name, attributes) {
      if (ignored.has(name)) closers.push(() => {})
      else if (structure.has(name)) closers.push(openStructure(name, attributes))
      else closers.push(openOther(name, attributes))
    },
    text: writeNode,
    close: () => closers.pop()?.(),
  }
}
