/**
 * A page as Confluence's server shows it, made from its storage format through the eyes of the caller: what is included from pages
 * that the caller may not open does not appear.
 *
 * Covers the markup and the macros that the sandbox's sites use; any other macro shows what Confluence shows for one that is not
 * installed.
 *
 * @module
 */

import { escapeValue } from '../../util/escape.ts'
import { viewerOf } from '../access.ts'
import type { WorldNode } from '../world.ts'
import { renderImage, renderLink } from './links.ts'
import { renderMacro } from './macros.ts'
import { childOf, html, isTag, readMarkup, type Tag, textOf } from './markup.ts'
import type { Reading, Rendering } from './rendering.ts'

export type ViewFormat = 'view' | 'export_view' | 'styled_view' | 'anonymous_export_view'

export const viewFormats: readonly ViewFormat[] = [
  'view',
  'export_view',
  'styled_view',
  'anonymous_export_view',
]

/** A body in a rendered format. For export, addresses are absolute; the anonymous one shows what a visitor may see. */
export function renderedBody(reading: Reading, node: WorldNode, format: ViewFormat): string {
  if (format === 'view') return viewOf(reading, node)
  if (format !== 'anonymous_export_view') return withAbsoluteLinks(reading, viewOf(reading, node))
  const visitor = { ...reading, viewer: viewerOf(reading.context.world, undefined) }
  return withAbsoluteLinks(reading, viewOf(visitor, node))
}

const withAbsoluteLinks = ({ context }: Reading, view: string) =>
  view.replaceAll(/ (href|src)="\//g, ` $1="${context.origin}/`)

/** The node's view; `storage` takes the place of its own body (conversion). */
export function viewOf(reading: Reading, node: WorldNode, storage?: string): string {
  const { world } = reading.context
  const given = storage === undefined ? world.view?.(node.id) : undefined
  return given ?? renderingOf(reading, node, []).inside(readMarkup(storage ?? world.storage(node.id)))
}

function renderingOf(reading: Reading, node: WorldNode, including: readonly string[]): Rendering {
  const rendering: Rendering = {
    ...reading,
    node,
    including,
    inside: (tag) =>
      tag.children.map((child) => (isTag(child) ? renderTag(child, rendering) : escapeValue(child))).join(''),
    within: (other) => renderingOf(reading, other, [...including, node.id]),
  }
  return rendering
}

type Renderer = (tag: Tag, rendering: Rendering) => string

/** What has no face of its own. */
const nothing: Renderer = () => ''

const renderers: ReadonlyMap<string, Renderer> = new Map(
  Object.entries<Renderer>({
    'ac:structured-macro': renderMacro,
    'ac:macro': renderMacro,
    'ac:link': renderLink,
    'ac:image': renderImage,
    'ac:task-list': renderTasks,
    'ac:emoticon': renderEmoticon,
    'ac:layout': (tag, rendering) => html('div', { class: 'contentLayout2' }, rendering.inside(tag)),
    'ac:layout-section': renderSection,
    'ac:layout-cell': (tag, rendering) =>
      html('div', { class: 'cell normal' }, html('div', { class: 'innerCell' }, rendering.inside(tag))),
    'ac:inline-comment-marker': (tag, rendering) =>
      html(
        'span',
        { class: 'inline-comment-marker', 'data-ref': tag.attributes['ac:ref'] },
        rendering.inside(tag),
      ),
    'ac:adf-extension': (tag, rendering) => {
      const fallback = childOf(tag, 'ac:adf-fallback')
      return fallback === undefined ? '' : rendering.inside(fallback)
    },
    'ac:placeholder': nothing,
    'ac:parameter': nothing,
    time: renderTime,
    table: (tag, rendering) =>
      html('div', { class: 'table-wrap' }, element(tag, rendering, { class: 'confluenceTable' })),
    th: (tag, rendering) => element(tag, rendering, { class: 'confluenceTh' }),
    td: (tag, rendering) => element(tag, rendering, { class: 'confluenceTd' }),
  }),
)

function renderTag(tag: Tag, rendering: Rendering): string {
  const own = renderers.get(tag.name)
  if (own !== undefined) return own(tag, rendering)
  if (/^h[1-6]$/.test(tag.name)) return element(tag, rendering, { id: headingId(tag, rendering) })
  if (/^(?:ac|ri|at):/.test(tag.name)) return rendering.inside(tag)
  return element(tag, rendering, {})
}

const element = (tag: Tag, rendering: Rendering, more: Readonly<Record<string, string>>) =>
  html(tag.name, { ...plainAttributes(tag), ...more }, rendering.inside(tag))

const plainAttributes = ({ attributes }: Tag) =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.includes(':')))

/** `Title-Heading` without spaces, as anchors point to it. */
function headingId(tag: Tag, { node }: Rendering): string {
  const id = `${node.title}-${textOf(tag)}`.replaceAll(/\s+/g, '')
  return /^[A-Za-z]/.test(id) ? id : `id-${id}`
}

function renderTasks(tag: Tag, rendering: Rendering): string {
  const tasks = tag.children.filter(isTag).map((task) => {
    if (task.name !== 'ac:task') return renderTag(task, rendering)
    const status = childOf(task, 'ac:task-status')
    const body = childOf(task, 'ac:task-body')
    const done = status !== undefined && textOf(status).trim() === 'complete'
    const id = childOf(task, 'ac:task-id')
    const attributes = {
      class: done ? 'checked' : undefined,
      'data-inline-task-id': id === undefined ? '' : textOf(id).trim(),
    }
    return html('li', attributes, html('span', {}, body === undefined ? '' : rendering.inside(body)))
  })
  const attributes = { class: 'inline-task-list', 'data-inline-tasks-content-id': rendering.node.id }
  return html('ul', attributes, tasks.join(''))
}

function renderEmoticon({ attributes }: Tag): string {
  const name = attributes['ac:name'] ?? 'emoticon'
  return html('img', {
    class: `emoticon emoticon-${name}`,
    'data-emoji-id': attributes['ac:emoji-id'],
    alt: attributes['ac:emoji-fallback'] ?? `(${name})`,
  })
}

function renderSection(tag: Tag, rendering: Rendering): string {
  const layout = (tag.attributes['ac:type'] ?? 'single').replaceAll('_', '-')
  return html('div', { class: `columnLayout ${layout}`, 'data-layout': layout }, rendering.inside(tag))
}

function renderTime({ attributes }: Tag): string {
  const date = new Date(`${attributes.datetime}T00:00:00Z`)
  const shown = Number.isNaN(date.getTime())
    ? (attributes.datetime ?? '')
    : date.toLocaleDateString('en-GB', { day: '2-digit', month: 'short', year: 'numeric', timeZone: 'UTC' })
  return html('time', { datetime: attributes.datetime, class: 'date-past' }, escapeValue(shown))
}
