/**
 * Resource identifiers (`ri:…`): what a link or a picture points at, its web address, and what it is called where nobody named it.
 *
 * @module
 */

import { headingAnchor } from '../anchors.ts'
import { childNamed } from '../macro.ts'
import type { Renderer } from '../renderer.ts'
import type { XmlElement } from '../tree.ts'

export interface Target {
  /** What a reader sees when the link has no text of its own. */
  readonly label: string
  readonly href?: string
  /** Hints for the partitioner. */
  readonly hints?: Record<string, string>
}

/** The resource in a link, a picture or a parameter. */
export function resourceIn(element: XmlElement | undefined): XmlElement | undefined {
  return element?.children.find(
    (child): child is XmlElement => typeof child !== 'string' && child.name.startsWith('ri:'),
  )
}

/** The same at any depth: parameters hold resources in links. */
export function resourceWithin(element: XmlElement | undefined): XmlElement | undefined {
  for (const child of element?.children ?? []) {
    if (typeof child === 'string') continue
    const resource = child.name.startsWith('ri:') ? child : resourceWithin(child)
    if (resource) return resource
  }
  return undefined
}

type Resolve = (resource: XmlElement, renderer: Renderer) => Target

const resolvers: Readonly<Record<string, Resolve>> = {
  'ri:page': (page, renderer) => {
    const label = page.attributes['ri:content-title'] ?? renderer.page.title
    return { label, href: renderer.pageUrl(spaceKeyOf(page, renderer), label) }
  },
  'ri:blog-post': blogPost,
  'ri:attachment': attachment,
  'ri:user': user,
  'ri:space': (space, { webUrl, deployment }) => {
    const label = space.attributes['ri:space-key'] ?? ''
    return {
      label,
      href: `${webUrl}/${deployment === 'cloud' ? 'spaces' : 'display'}/${encodeURIComponent(label)}`,
    }
  },
  'ri:shortcut': ({ attributes }) => ({
    label: `${attributes['ri:parameter'] ?? ''}@${attributes['ri:key'] ?? ''}`,
  }),
  'ri:url': ({ attributes }) => ({ label: attributes['ri:value'] ?? '', href: attributes['ri:value'] ?? '' }),
  'ri:content-entity': ({ attributes }, { webUrl }) => {
    const href = `${webUrl}/pages/viewpage.action?pageId=${attributes['ri:content-id'] ?? ''}`
    return { label: href, href }
  },
}

/** Where a resource is found, and what it is called. */
export function targetOf(resource: XmlElement, renderer: Renderer): Target {
  return resolvers[resource.name]?.(resource, renderer) ?? { label: '' }
}

/** Web address of a place on the page in hand or on another one, given that page's address and title. */
export function withAnchor(page: { url: string; title: string }, anchor: string, renderer: Renderer): string {
  return `${page.url}#${encodeURI(headingAnchor(anchor, page.title, renderer.deployment))}`
}

function spaceKeyOf(page: XmlElement, renderer: Renderer): string {
  return page.attributes['ri:space-key'] ?? renderer.page.spaceKey
}

/** The id that a mention names a person by: account id, user key, or the user name of old pages. */
export function userIdOf({ attributes }: XmlElement): string | undefined {
  return attributes['ri:account-id'] ?? attributes['ri:userkey'] ?? attributes['ri:username']
}

function user(resource: XmlElement, renderer: Renderer): Target {
  const id = userIdOf(resource)
  if (id === undefined) return { label: unknownUser }
  const name = renderer.answers.userName(id) ?? resource.attributes['ri:username']
  const label = name === undefined ? unknownUser : `@${name}`
  const href =
    renderer.deployment === 'cloud' ? `${renderer.webUrl}/people/${encodeURIComponent(id)}` : undefined
  return { label, hints: { 'data-user': id }, ...(href !== undefined && { href }) }
}

/** Somebody whom the site does not name (any more). */
const unknownUser = '@unknown user'

function blogPost(post: XmlElement, renderer: Renderer): Target {
  const label = post.attributes['ri:content-title'] ?? ''
  const day = post.attributes['ri:posting-day']?.trim()
  const path = [spaceKeyOf(post, renderer), ...(day ? day.split('/') : []), label]
  return { label, href: `${renderer.webUrl}/display/${path.map(encodeURIComponent).join('/')}` }
}

function attachment(file: XmlElement, renderer: Renderer): Target {
  const name = file.attributes['ri:filename'] ?? ''
  const owner = childNamed(file, 'ri:page')
  const hints = { 'data-file': name }
  if (owner) return { label: name, hints, href: targetOf(owner, renderer).href ?? '' }
  return { label: name, hints, href: attachmentUrl(name, renderer) }
}

/** Web address of a file on the page that is being rendered. */
export function attachmentUrl(name: string, { webUrl, page }: Renderer): string {
  return `${webUrl}/download/attachments/${page.id}/${encodeURIComponent(name)}`
}
