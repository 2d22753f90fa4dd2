/**
 * Links and images: to pages, people, attachments, anchors.
 *
 * @module
 */

import { escapeValue } from '../../util/escape.ts'
import type { World, WorldNode } from '../world.ts'
import { childOf, html, type Tag } from './markup.ts'
import type { Rendering } from './rendering.ts'

export function renderLink(tag: Tag, rendering: Rendering): string {
  const body = childOf(tag, 'ac:link-body') ?? childOf(tag, 'ac:plain-text-link-body')
  const shown = body === undefined ? undefined : rendering.inside(body)
  const person = childOf(tag, 'ri:user')
  if (person !== undefined) return renderMention(person, rendering)
  const attachment = childOf(tag, 'ri:attachment')
  if (attachment !== undefined) return renderFileLink(attachment, rendering, shown)
  const anchor = tag.attributes['ac:anchor']
  const page = childOf(tag, 'ri:page') ?? childOf(tag, 'ri:blog-post') ?? childOf(tag, 'ri:content-entity')
  if (page === undefined) return html('a', { href: `#${anchor ?? ''}` }, shown ?? escapeValue(anchor ?? ''))
  return renderPageLink(page, rendering, { shown, anchor })
}

/** A page that is not there, or not for the caller, is offered for creation. */
function renderPageLink(
  reference: Tag,
  rendering: Rendering,
  { shown, anchor }: { readonly shown: string | undefined; readonly anchor: string | undefined },
): string {
  const target = targetOf(reference, rendering)
  const title = target?.title ?? reference.attributes['ri:content-title'] ?? ''
  const inside = shown === undefined || shown === '' ? escapeValue(title) : shown
  if (target === undefined) return html('a', { class: 'createlink', href: '#' }, inside)
  const { contextPath } = rendering.context
  const fragment = anchor === undefined ? '' : `#${anchor}`
  const href = `${contextPath}/pages/viewpage.action?pageId=${target.id}${fragment}`
  return html(
    'a',
    { href, 'data-linked-resource-id': target.id, 'data-linked-resource-type': target.type },
    inside,
  )
}

/** The page a reference names, by id or by title in a space (this one unless named), if the caller may read it. */
export function targetOf(reference: Tag, { context, viewer, node }: Rendering): WorldNode | undefined {
  const { attributes } = reference
  const id = attributes['ri:content-id']
  const key = attributes['ri:space-key']
  const spaceId =
    key === undefined ? node.spaceId : context.world.spaces.find((space) => space.key === key)?.id
  const target =
    id === undefined
      ? byTitle(context.world, spaceId ?? '', attributes['ri:content-title'] ?? '')
      : context.world.node(id)
  return target !== undefined && target.status === 'current' && viewer.may('read', target)
    ? target
    : undefined
}

function byTitle(world: World, spaceId: string, title: string): WorldNode | undefined {
  for (const type of ['page', 'blogpost'] as const) {
    const list = world.list(spaceId, type)
    for (let index = 0; index < list.length; index += 1) {
      const node = list.at(index)
      if (node.title === title && node.status === 'current') return node
    }
  }
  return undefined
}

function renderMention({ attributes }: Tag, { context }: Rendering): string {
  const ids = [attributes['ri:account-id'], attributes['ri:userkey'], attributes['ri:username']]
  const user = context.world.users.find(
    ({ accountId, userKey, username }) =>
      ids.includes(accountId) || ids.includes(userKey) || ids.includes(username),
  )
  if (user === undefined) return html('a', { class: 'user-mention' }, 'Former user')
  return html(
    'a',
    {
      class: 'confluence-userlink user-mention',
      'data-account-id': user.accountId,
      'data-linked-resource-type': 'userinfo',
      href: `${context.contextPath}/people/${user.accountId}`,
    },
    escapeValue(user.displayName),
  )
}

function attachmentOf(reference: Tag, rendering: Rendering): WorldNode | undefined {
  const holder = childOf(reference, 'ri:page')
  const container = holder === undefined ? rendering.node : targetOf(holder, rendering)
  const name = reference.attributes['ri:filename']
  return container === undefined
    ? undefined
    : rendering.context.world.attached(container.id, 'attachment').find(({ title }) => title === name)
}

const filePath = ({ context }: Rendering, file: WorldNode) =>
  `${context.contextPath}/download/attachments/${file.containerId}/${encodeURIComponent(file.title)}`

function renderFileLink(reference: Tag, rendering: Rendering, shown: string | undefined): string {
  const file = attachmentOf(reference, rendering)
  const inside = shown ?? escapeValue(reference.attributes['ri:filename'] ?? '')
  if (file === undefined) return html('span', { class: 'error' }, inside)
  const attributes = {
    class: 'confluence-embedded-file',
    href: filePath(rendering, file),
    'data-linked-resource-id': file.id,
    'data-linked-resource-type': 'attachment',
  }
  return html('a', attributes, inside)
}

export function renderImage(tag: Tag, rendering: Rendering): string {
  const reference = childOf(tag, 'ri:attachment')
  const file = reference === undefined ? undefined : attachmentOf(reference, rendering)
  const url = childOf(tag, 'ri:url')?.attributes['ri:value']
  const source = file === undefined ? url : filePath(rendering, file)
  const caption = childOf(tag, 'ac:caption')
  const image = html('img', {
    class: 'confluence-embedded-image',
    src: source,
    alt: tag.attributes['ac:alt'],
    title: tag.attributes['ac:title'],
    width: tag.attributes['ac:width'],
    height: tag.attributes['ac:height'],
    'data-linked-resource-id': file?.id,
    'data-linked-resource-default-alias': file?.title,
  })
  const below =
    caption === undefined ? '' : html('div', { class: 'image-caption' }, rendering.inside(caption))
  return html('span', { class: 'confluence-embedded-file-wrapper' }, `${image}${below}`)
}
