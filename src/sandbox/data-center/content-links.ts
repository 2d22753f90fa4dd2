/**
 * Addresses of content for people, relative to the site: they changed with version 9.
 *
 * @module
 */

import type { WorldNode, WorldSpace } from '../world.ts'
import type { Visit } from './site.ts'

export function webLinks(visitor: Visit, node: WorldNode): Readonly<Record<string, string>> {
  const self = `${visitor.base}/rest/api/content/${node.type === 'attachment' ? 'att' : ''}${node.id}`
  if (node.type === 'attachment') return { webui: attachmentPage(node), download: downloadPath(node), self }
  if (node.type === 'comment') return { webui: commentLink(node), tinyui: tinyLink(node.id), self }
  const webui = node.status === 'current' ? pageLink(visitor, node) : byId(node.id)
  return { webui, edit: `/pages/resumedraft.action?draftId=${node.id}`, tinyui: tinyLink(node.id), self }
}

const byId = (id: string) => `/pages/viewpage.action?pageId=${id}`

function pageLink(visitor: Visit, node: WorldNode): string {
  const space = visitor.spaceOf(node)
  return visitor.capabilities.linksBySpace ? linkBySpace(space, node) : displayLink(space, node)
}

function linkBySpace({ key }: WorldSpace, node: WorldNode): string {
  const title = encodeTitle(node.title)
  if (node.type === 'page') return `/spaces/${key}/pages/${node.id}/${title}`
  return `/spaces/${key}/blog/${dayOf(node)}/${node.id}/${title}`
}

/** Titles with anything that the old address form could not hold are linked by id. */
function displayLink({ key }: WorldSpace, node: WorldNode): string {
  if (!/^[\w .,()-]+$/.test(node.title)) return byId(node.id)
  const day = node.type === 'blogpost' ? `${dayOf(node)}/` : ''
  return `/display/${key}/${day}${encodeTitle(node.title)}`
}

const dayOf = ({ createdAt }: WorldNode) => createdAt.toISOString().slice(0, 10).replaceAll('-', '/')
const encodeTitle = (title: string) => encodeURIComponent(title).replaceAll('%20', '+')
const commentLink = ({ id, containerId }: WorldNode) =>
  `${byId(containerId ?? '')}&focusedCommentId=${id}#comment-${id}`
const attachmentPage = ({ id, containerId, title }: WorldNode) =>
  `/pages/viewpage.action?pageId=${containerId}&preview=${encodeURIComponent(`/${containerId}/${id}/${title}`)}`

function downloadPath({ containerId, title, version }: WorldNode): string {
  const query = `version=${version.number}&modificationDate=${version.createdAt.getTime()}&api=v2`
  return `/download/attachments/${containerId}/${encodeURIComponent(title)}?${query}`
}

/** The id in base 64, lowest byte first, in letters that an address may hold. */
function tinyLink(id: string): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(id))
  const letters = bytes.toString('base64').replace(/=+$/, '').replace(/A+$/, '')
  return `/x/${letters.replaceAll('/', '-').replaceAll('+', '_')}`
}
