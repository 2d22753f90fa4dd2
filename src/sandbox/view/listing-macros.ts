/**
 * Macros that list: pages, posts, headings, files, people. What the caller may not see is not listed.
 *
 * @module
 */

import { escapeValue } from '../../util/escape.ts'
import type { WorldNode } from '../world.ts'
import { type Macro, type MacroRenderer, wrap } from './macro.ts'
import { html, isTag, readMarkup, textOf } from './markup.ts'
import type { Rendering } from './rendering.ts'

export const tableOfContents: MacroRenderer = (macro, { node, context }) => {
  const headings = [...readMarkup(context.world.storage(node.id)).children]
    .filter(isTag)
    .filter(({ name }) => /^h[1-6]$/.test(name))
    .map((heading) => html('li', {}, escapeValue(textOf(heading))))
  return wrap(macro, html('ul', {}, headings.join('')), { css: 'toc-macro client-side-toc-macro' })
}

const pageItem = ({ context }: Rendering, page: WorldNode, below = '') => {
  const href = `${context.contextPath}/pages/viewpage.action?pageId=${page.id}`
  return html('li', {}, `${html('a', { href }, escapeValue(page.title))}${below}`)
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

export const children: MacroRenderer = (macro, rendering) => {
  const depth = macro.parameter('all') === 'true' ? 100 : Number(macro.parameter('depth') ?? 1)
  const root = macro.page(rendering) ?? rendering.node
  return wrap(macro, listBelow(root.id, depth, rendering))
}

export const pageTree: MacroRenderer = (macro, rendering) => {
  const { node, context } = rendering
  const homepage = context.world.spaces.find(({ id }) => id === node.spaceId)?.homepageId
  const root = macro.page(rendering)?.id ?? (macro.parameter('root') === '@self' ? node.id : homepage)
  return wrap(macro, root === undefined ? '' : listBelow(root, 100, rendering), { css: 'plugin_pagetree' })
}

/** Pages and posts that a macro's query finds, or that carry one of its labels in this space. */
export function queried(macro: Macro, { context, viewer, node }: Rendering): readonly WorldNode[] {
  const key = context.world.spaces.find(({ id }) => id === node.spaceId)?.key ?? ''
  const labels = (macro.parameter('labels') ?? macro.parameter('label') ?? '').match(/[^\s,]+/g) ?? []
  const carried = labels.map((label) => `label = "${label}"`).join(' or ')
  const given = macro.parameter('cql')?.replaceAll(/currentSpace\(\s*\)/gi, `"${key}"`)
  const cql = given ?? `space = "${key}" and (${carried})`
  const ordered = /\border\s+by\b/i.test(cql) ? cql : `${cql} order by lastmodified desc`
  return context.search
    .find({ cql: ordered }, viewer)
    .filter(({ type }) => type === 'page' || type === 'blogpost')
}

export const byLabel: MacroRenderer = (macro, rendering) => {
  const max = Number(macro.parameter('max') ?? 15)
  return wrap(macro, listOf(queried(macro, rendering).slice(0, max), rendering), { css: 'content-by-label' })
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

export const recentlyUpdated: MacroRenderer = (macro, rendering) =>
  wrap(macro, listOf(pagesOf(rendering).slice(0, Number(macro.parameter('max') ?? 15)), rendering), {
    css: 'recently-updated recently-updated-concise',
  })

export const blogPosts: MacroRenderer = (macro, rendering) =>
  wrap(
    macro,
    listOf(pagesOf(rendering, 'blogpost').slice(0, Number(macro.parameter('max') ?? 15)), rendering),
    {
      css: 'blog-post-list',
    },
  )

export const contributors: MacroRenderer = (macro, { node, context }) => {
  const names = [node.authorId, node.version.authorId].map(
    (id) => context.world.users.find(({ accountId }) => accountId === id)?.displayName ?? 'Former user',
  )
  return wrap(
    macro,
    html('ul', {}, [...new Set(names)].map((name) => html('li', {}, escapeValue(name))).join('')),
  )
}

export const attachments: MacroRenderer = (macro, { node, context }) => {
  const files = context.world
    .attached(node.id, 'attachment')
    .map(({ title }) => html('li', {}, escapeValue(title)))
  return wrap(macro, html('ul', { class: 'plugin_attachments' }, files.join('')))
}
