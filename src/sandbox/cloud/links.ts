/**
 * The web links that Cloud writes, all relative to `_links.base`.
 *
 * @module
 */

import type { World, WorldNode, WorldSpace } from '../world.ts'

export function spaceOf(world: World, node: WorldNode): WorldSpace {
  const space = world.spaces.find(({ id }) => id === node.spaceId)
  if (space === undefined) throw new Error(`Node ${node.id} lives in no space of world "${world.name}"`)
  return space
}

/** Where a browser finds it. The home page of a space has no id in its address. */
export function webLink(world: World, node: WorldNode): string {
  const { key, homepageId } = spaceOf(world, node)
  const title = encodeURIComponent(node.title).replaceAll('%20', '+')
  if (node.type === 'page')
    return node.id === homepageId ? `/spaces/${key}/overview` : `/spaces/${key}/pages/${node.id}/${title}`
  if (node.type === 'blogpost') {
    const day = node.createdAt.toISOString().slice(0, 10).replaceAll('-', '/')
    return `/spaces/${key}/blog/${day}/${node.id}/${title}`
  }
  if (node.type === 'comment')
    return `${webLink(world, world.node(node.containerId!)!)}?focusedCommentId=${node.id}`
  if (node.type === 'attachment') {
    const preview = encodeURIComponent(`/${node.containerId}/${node.id}/${node.title}`)
    return `/pages/viewpageattachments.action?pageId=${node.containerId}&preview=${preview}`
  }
  return `/spaces/${key}/${node.type}/${node.id}`
}

/** The short address: the id's bytes, lowest first, in a URL-safe Base64 without its trailing `A`s. */
export function tinyLink(id: string): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(id))
  const coded = bytes.toString('base64').replace(/[A=]+$/, '')
  return `/x/${coded.replaceAll('/', '-').replaceAll('+', '_')}`
}

export const editLink = (world: World, node: WorldNode) =>
  `/spaces/${spaceOf(world, node).key}/pages/edit-v2/${node.id}`

/** Where a file is downloaded with API tokens, relative to the context path. */
export const downloadLink = (attachment: WorldNode) =>
  `/rest/api/content/${attachment.containerId}/child/attachment/att${attachment.id}/download`
