/**
 * What v2 says of a space, a node, a comment, an attachment, a user. Nulls stand where live answers have them.
 *
 * @module
 */

import type { User, World, WorldNode, WorldSpace, WorldVersion } from '../../world.ts'
import { downloadLink, editLink, tinyLink, webLink } from '../links.ts'

interface Body {
  readonly representation: string
  readonly value: string
}

export type Bodies = Readonly<Record<string, Body>>

export const versionShape = ({ number, message, minorEdit, authorId, createdAt }: WorldVersion) => ({
  number,
  message,
  minorEdit,
  authorId,
  createdAt: createdAt.toISOString(),
  ncsStepVersion: null,
})

export function spaceShape(space: WorldSpace, descriptionFormat: string | undefined) {
  return {
    id: space.id,
    key: space.key,
    name: space.name,
    type: space.type,
    status: space.status,
    authorId: space.authorId,
    spaceOwnerId: space.authorId,
    currentActiveAlias: space.key,
    createdAt: space.createdAt.toISOString(),
    ...(space.homepageId !== undefined && { homepageId: space.homepageId }),
    description:
      descriptionFormat === undefined
        ? null
        : { [descriptionFormat]: { representation: descriptionFormat, value: space.description } },
    icon: null,
    _links: { webui: `/spaces/${space.key}` },
  }
}

/** The part that everything with a place in the tree shares. */
function treeShape(world: World, node: WorldNode) {
  const parent = node.parentId === undefined ? undefined : world.node(node.parentId)
  return {
    parentId: parent?.id ?? null,
    parentType: parent?.type ?? null,
    position: node.position,
  }
}

const nodeShape = (node: WorldNode) => ({
  id: node.id,
  status: node.status,
  title: node.title,
  spaceId: node.spaceId,
  authorId: node.authorId,
  createdAt: node.createdAt.toISOString(),
  version: versionShape(node.version),
})

const contentLinks = (world: World, node: WorldNode) => ({
  webui: webLink(world, node),
  editui: `/pages/resumedraft.action?draftId=${node.id}`,
  edituiv2: editLink(world, node),
  tinyui: tinyLink(node.id),
})

/** A page alone. */
export const pageShape = (world: World, node: WorldNode, body: Bodies) => ({
  ...nodeShape(node),
  ...treeShape(world, node),
  ownerId: node.authorId,
  lastOwnerId: null,
  body,
  _links: contentLinks(world, node),
})

/** A page in a list: only there does it say whether it is a live doc. */
export const listedPageShape = (world: World, node: WorldNode, body: Bodies) => ({
  ...pageShape(world, node, body),
  ...(node.subtype !== undefined && { subtype: node.subtype }),
})

export const blogPostShape = (world: World, node: WorldNode, body: Bodies) => ({
  ...nodeShape(node),
  body,
  _links: contentLinks(world, node),
})

/** Folders, whiteboards, databases and smart links. */
export const containerShape = (world: World, node: WorldNode) => ({
  type: node.type,
  ...nodeShape(node),
  ...treeShape(world, node),
  ownerId: node.authorId,
  _links: { webui: webLink(world, node) },
})

/** Says whether the thing hangs on a page or on a blog post. */
function containerId(world: World, node: WorldNode) {
  const container = world.node(node.containerId!)!
  return container.type === 'blogpost' ? { blogPostId: container.id } : { pageId: container.id }
}

export function attachmentShape(world: World, node: WorldNode) {
  const { mediaType, fileId, size, comment } = node.attachment!
  return {
    id: `att${node.id}`,
    status: node.status,
    title: node.title,
    createdAt: node.createdAt.toISOString(),
    ...containerId(world, node),
    mediaType,
    mediaTypeDescription: null,
    comment,
    fileId,
    fileSize: size,
    webuiLink: webLink(world, node),
    downloadLink: downloadLink(node),
    version: versionShape(node.version),
    _links: { webui: webLink(world, node), download: downloadLink(node) },
  }
}

/** `alone`: as single comments come, with everything; lists of replies name their parent instead of the page. */
export function commentShape(world: World, node: WorldNode, body: Bodies) {
  const { location, resolution, selection, markerRef } = node.comment!
  return {
    id: node.id,
    status: node.status,
    title: node.title,
    ...containerId(world, node),
    ...(node.parentId !== undefined && { parentCommentId: node.parentId }),
    version: versionShape(node.version),
    body,
    resolutionStatus: resolution,
    ...(location === 'inline' && {
      properties: {
        inlineMarkerRef: markerRef ?? '',
        inlineOriginalSelection: selection ?? '',
        'inline-marker-ref': markerRef ?? '',
        'inline-original-selection': selection ?? '',
      },
    }),
    _links: { webui: webLink(world, node) },
  }
}

export const userShape = (world: World, user: User) => ({
  displayName: user.displayName,
  timeZone: null,
  personalSpaceId:
    world.spaces.find(({ type, authorId }) => type === 'personal' && authorId === user.accountId)?.id ?? null,
  isExternalCollaborator: false,
  accountStatus: user.active ? 'active' : 'inactive',
  accountId: user.accountId,
  email: '',
  accountType: 'atlassian',
  publicName: user.displayName,
  profilePicture: { path: `/wiki/aa-avatar/${user.accountId}`, isDefault: false },
})

/** Labels have no ids of their own in a world; theirs are made from their names. */
export const labelShape = (name: string) => ({ id: labelId(name), name, prefix: 'global' })

/** Stable for a name: the id under which `/labels/{id}/…` finds it again. */
export function labelId(name: string): string {
  let hash = 5381
  for (const character of name) hash = (hash * 33 + character.codePointAt(0)!) % 4_294_967_291
  return String(hash)
}
