/**
 * Macros, in the wrappers that Confluence puts around what they show.
 *
 * @module
 */

import type { WorldNode } from '../world.ts'
import { targetOf } from './links.ts'
import { childOf, escapeHtml, everyTag, html, isTag, readMarkup, type Tag, textOf } from './markup.ts'
import type { Rendering } from './rendering.ts'

interface Macro {
  readonly tag: Tag
  readonly name: string
  parameter(name: string): string | undefined
  /** The page that a parameter refers to, if the caller may read it. */
  page(rendering: Rendering): WorldNode | undefined
}

type MacroRenderer = (macro: Macro, rendering: Rendering) => string

export function renderMacro(tag: Tag, rendering: Rendering): string {
  const name = tag.attributes['ac:name'] ?? ''
  const parameterTag = (wanted: string) =>
    tag.children
      .filter(isTag)
      .find((child) => child.name === 'ac:parameter' && (child.attributes['ac:name'] ?? '') === wanted)
  const macro: Macro = {
    tag,
    name,
    parameter: (wanted) => {
      const found = parameterTag(wanted)
      return found === undefined ? undefined : textOf(found).trim()
    },
    page: (where) => {
      const reference = [...everyTag(tag, 'ri:page'), ...everyTag(tag, 'ri:blog-post')][0]
      return reference === undefined ? undefined : targetOf(reference, where)
    },
  }
  return (macros[name] ?? unknown)(macro, rendering)
}

/** The element around everything that a macro shows. */
function wrap(
  { tag, name }: Macro,
  inside: string,
  { element = 'div', css = '' }: { readonly element?: 'div' | 'span'; readonly css?: string } = {},
): string {
  const hasBody = (bodyOf(tag) ?? plainBodyOf(tag)) !== undefined
  return html(
    element,
    {
      class: `${css} conf-macro output-${element === 'div' ? 'block' : 'inline'}`.trim(),
      'data-hasbody': String(hasBody),
      'data-macro-id': tag.attributes['ac:macro-id'],
      'data-macro-name': name,
    },
    inside,
  )
}

const bodyOf = (tag: Tag) => childOf(tag, 'ac:rich-text-body')
const plainBodyOf = (tag: Tag) => childOf(tag, 'ac:plain-text-body')

function body({ tag }: Macro, rendering: Rendering): string {
  const rich = bodyOf(tag)
  return rich === undefined ? '' : rendering.inside(rich)
}

const error = (text: string) => html('span', { class: 'error' }, escapeHtml(text))

const unknown: MacroRenderer = (macro) =>
  wrap({ ...macro, name: 'unknown-macro' }, error(`Unknown macro: '${macro.name}'`))

const notice =
  (kind: string): MacroRenderer =>
  (macro, rendering) => {
    const title = macro.parameter('title')
    const heading = title === undefined ? '' : html('p', { class: 'title' }, escapeHtml(title))
    const inside = html('div', { class: 'confluence-information-macro-body' }, body(macro, rendering))
    const css = `confluence-information-macro confluence-information-macro-${kind}`
    return wrap(macro, `${heading}${inside}`, { css })
  }

const panel: MacroRenderer = (macro, rendering) => {
  const title = macro.parameter('title')
  const header =
    title === undefined ? '' : html('div', { class: 'panelHeader' }, html('b', {}, escapeHtml(title)))
  const inside = html('div', { class: 'panelContent' }, body(macro, rendering))
  return wrap(macro, `${header}${inside}`, { css: 'panel' })
}

const code: MacroRenderer = (macro) => {
  const text = plainBodyOf(macro.tag)
  const title = macro.parameter('title')
  const header =
    title === undefined
      ? ''
      : html('div', { class: 'codeHeader panelHeader' }, html('b', {}, escapeHtml(title)))
  const params = `brush: ${macro.parameter('language') ?? 'java'}; gutter: false; theme: Confluence`
  const pre = html(
    'pre',
    { class: 'syntaxhighlighter-pre', 'data-syntaxhighlighter-params': params },
    text === undefined ? '' : escapeHtml(textOf(text)),
  )
  return wrap(macro, `${header}${html('div', { class: 'codeContent panelContent pdl' }, pre)}`, {
    css: 'code panel pdl',
  })
}

const noformat: MacroRenderer = (macro) => {
  const text = plainBodyOf(macro.tag)
  return wrap(macro, html('pre', {}, text === undefined ? '' : escapeHtml(textOf(text))), {
    css: 'preformatted panel',
  })
}

const expand: MacroRenderer = (macro, rendering) => {
  const title = macro.parameter('title') ?? 'Click here to expand...'
  const control = html('div', { class: 'expand-control' }, escapeHtml(title))
  const content = html('div', { class: 'expand-content' }, body(macro, rendering))
  return wrap(macro, `${control}${content}`, { css: 'expand-container' })
}

const status: MacroRenderer = (macro) =>
  wrap(macro, escapeHtml(macro.parameter('title') ?? ''), {
    element: 'span',
    css: 'status-macro aui-lozenge aui-lozenge-visual-refresh',
  })

const plainly: MacroRenderer = (macro, rendering) => wrap(macro, body(macro, rendering))

const tableOfContents: MacroRenderer = (macro, { node, context }) => {
  const headings = [...readMarkup(context.world.storage(node.id)).children]
    .filter(isTag)
    .filter(({ name }) => /^h[1-6]$/.test(name))
    .map((heading) => html('li', {}, escapeHtml(textOf(heading))))
  return wrap(macro, html('ul', {}, headings.join('')), { css: 'toc-macro client-side-toc-macro' })
}

/** Another page's body in this place, through the caller's eyes. */
const include: MacroRenderer = (macro, rendering) => {
  const page = macro.page(rendering)
  if (page === undefined)
    return wrap(macro, error('Unable to render {include} The included page could not be found.'))
  if ([...rendering.including, rendering.node.id].includes(page.id))
    return wrap(macro, error('Unable to render {include} Page includes itself.'))
  const storage = readMarkup(rendering.context.world.storage(page.id))
  return wrap(macro, rendering.within(page).inside(storage))
}

const excerptInclude: MacroRenderer = (macro, rendering) => {
  const page = macro.page(rendering)
  const wanted = macro.parameter('name')
  if (page === undefined || rendering.including.includes(page.id))
    return wrap(macro, error('Unable to render {excerpt-include} The included page could not be found.'))
  const excerpt = [
    ...everyTag(readMarkup(rendering.context.world.storage(page.id)), 'ac:structured-macro'),
  ].find(
    (each) => each.attributes['ac:name'] === 'excerpt' && (wanted === undefined || nameOf(each) === wanted),
  )
  const rich = excerpt === undefined ? undefined : bodyOf(excerpt)
  if (rich === undefined) return wrap(macro, error('No excerpt found on the page.'))
  const title =
    macro.parameter('nopanel') === 'true' ? '' : html('div', { class: 'panelHeader' }, escapeHtml(page.title))
  return wrap(macro, `${title}${rendering.within(page).inside(rich)}`, { css: 'panel' })
}

const nameOf = (macro: Tag) => {
  const name = macro.children.filter(isTag).find((child) => child.attributes['ac:name'] === 'name')
  return name === undefined ? undefined : textOf(name).trim()
}

const pageItem = ({ context }: Rendering, page: WorldNode, below = '') => {
  const href = `${context.contextPath}/pages/viewpage.action?pageId=${page.id}`
  return html('li', {}, `${html('a', { href }, escapeHtml(page.title))}${below}`)
}

function listBelow(id: string, depth: number, rendering: Rendering): string {
  const items = rendering.context.world
    .children(id)
    .filter(
      (child) => child.type === 'page' && child.status === 'current' && rendering.viewer.may('read', child),
    )
    .map((child) => pageItem(rendering, child, depth > 1 ? listBelow(child.id, depth - 1, rendering) : ''))
  return items.length === 0 ? '' : html('ul', { class: 'childpages-macro' }, items.join(''))
}

const children: MacroRenderer = (macro, rendering) => {
  const depth = macro.parameter('all') === 'true' ? 100 : Number(macro.parameter('depth') ?? 1)
  const root = macro.page(rendering) ?? rendering.node
  return wrap(macro, listBelow(root.id, depth, rendering))
}

const pageTree: MacroRenderer = (macro, rendering) => {
  const { node, context } = rendering
  const homepage = context.world.spaces.find(({ id }) => id === node.spaceId)?.homepageId
  const root = macro.page(rendering)?.id ?? (macro.parameter('root') === '@self' ? node.id : homepage)
  return wrap(macro, root === undefined ? '' : listBelow(root, 100, rendering), { css: 'plugin_pagetree' })
}

/** Pages of this space that carry one of the labels, newest change first. */
const byLabel: MacroRenderer = (macro, rendering) => {
  const cql = macro.parameter('cql') ?? ''
  const quoted = [...cql.matchAll(/label\s*(?:=|in)\s*(\(?[^)]*\)?)/g)].flatMap(
    ([, list]) => list!.match(/[\w-]+/g) ?? [],
  )
  const labels = [...quoted, ...(macro.parameter('labels') ?? macro.parameter('label') ?? '').split(/[,\s]+/)]
  const found = pagesOf(rendering).filter((page) => page.labels.some((label) => labels.includes(label)))
  const max = Number(macro.parameter('max') ?? 15)
  return wrap(macro, listOf(found.slice(0, max), rendering), { css: 'content-by-label' })
}

function pagesOf({ context, viewer, node }: Rendering, type: 'page' | 'blogpost' = 'page'): WorldNode[] {
  const list = context.world.list(node.spaceId, type)
  const pages = Array.from({ length: list.length }, (_, index) => list.at(index))
  return pages
    .filter((page) => page.status === 'current' && viewer.may('read', page))
    .sort((a, b) => b.version.createdAt.getTime() - a.version.createdAt.getTime())
}

const listOf = (pages: readonly WorldNode[], rendering: Rendering) =>
  html('ul', {}, pages.map((page) => pageItem(rendering, page)).join(''))

const recentlyUpdated: MacroRenderer = (macro, rendering) =>
  wrap(macro, listOf(pagesOf(rendering).slice(0, Number(macro.parameter('max') ?? 15)), rendering), {
    css: 'recently-updated recently-updated-concise',
  })

const blogPosts: MacroRenderer = (macro, rendering) =>
  wrap(
    macro,
    listOf(pagesOf(rendering, 'blogpost').slice(0, Number(macro.parameter('max') ?? 15)), rendering),
    {
      css: 'blog-post-list',
    },
  )

const contributors: MacroRenderer = (macro, { node, context }) => {
  const names = [node.authorId, node.version.authorId].map(
    (id) => context.world.users.find(({ accountId }) => accountId === id)?.displayName ?? 'Former user',
  )
  return wrap(
    macro,
    html('ul', {}, [...new Set(names)].map((name) => html('li', {}, escapeHtml(name))).join('')),
  )
}

const attachments: MacroRenderer = (macro, { node, context }) => {
  const files = context.world
    .attached(node.id, 'attachment')
    .map(({ title }) => html('li', {}, escapeHtml(title)))
  return wrap(macro, html('ul', { class: 'plugin_attachments' }, files.join('')))
}

const viewFile: MacroRenderer = (macro) => {
  const file = [...everyTag(macro.tag, 'ri:attachment')][0]
  return wrap(macro, escapeHtml(file?.attributes['ri:filename'] ?? ''), { element: 'span' })
}

const jira: MacroRenderer = (macro) => {
  const key = macro.parameter('key')
  const shown = key === undefined ? `Jira query: ${macro.parameter('jqlQuery') ?? ''}` : key
  return wrap(macro, escapeHtml(shown), { element: key === undefined ? 'div' : 'span', css: 'jira-issue' })
}

const anchor: MacroRenderer = ({ parameter }) =>
  html('span', { class: 'confluence-anchor-link', id: parameter('') })

const macros: Readonly<Record<string, MacroRenderer>> = {
  info: notice('information'),
  note: notice('note'),
  tip: notice('tip'),
  warning: notice('warning'),
  panel,
  code,
  noformat,
  expand,
  status,
  excerpt: plainly,
  details: plainly,
  section: plainly,
  column: plainly,
  toc: tableOfContents,
  include,
  'excerpt-include': excerptInclude,
  children,
  pagetree: pageTree,
  contentbylabel: byLabel,
  'recently-updated': recentlyUpdated,
  'blog-posts': blogPosts,
  contributors,
  attachments,
  'view-file': viewFile,
  jira,
  anchor,
}
