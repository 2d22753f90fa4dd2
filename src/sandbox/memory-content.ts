/**
 * Adds content to a world in memory: pages, posts, folders, comments, attachments.
 *
 * @module
 */

import type { MemoryStore } from './memory-store.ts'
import { type Restricted, restrictionTo, uuidOf } from './principals.ts'
import type { CommentResolution, User, WorldNode, WorldNodeType, WorldSpace } from './world.ts'

interface ContentDetails {
  /** Digits. Default: the next free id, larger than all before. */
  readonly id?: string
  /** Storage format; a function is asked each time. Default empty. */
  readonly body?: string | (() => string)
  /** What the server would render, for pages with macros that only it knows. */
  readonly view?: string
  readonly status?: WorldNode['status']
  readonly labels?: readonly string[]
  /** Default: the crawler. */
  readonly author?: User
  /** Default: the world's clock, which moves on by some minutes. */
  readonly createdAt?: Date
  /** Number of the current version; one beyond the first is made some time after the page. Default 1. */
  readonly version?: number
  /** Who may view; absent or empty: not restricted. */
  readonly read?: readonly Restricted[]
  /** Who may edit; absent or empty: not restricted. */
  readonly update?: readonly Restricted[]
  /** A live doc. */
  readonly live?: boolean
  /** Default: after its siblings. */
  readonly position?: number
}

interface CommentDetails {
  readonly author?: User
  /** Makes it an inline comment on these words of the page. Answers are what the comment is that they answer. */
  readonly inline?: { readonly selection: string; readonly markerRef?: string }
  readonly resolution?: CommentResolution
}

interface AttachmentDetails {
  readonly mediaType: string
  readonly bytes: () => Uint8Array
  /** Default: made and measured now. */
  readonly size?: number
  readonly comment?: string
  readonly author?: User
  readonly labels?: readonly string[]
}

export interface ContentBuilder {
  /** A page under a space (at its root), a page or a folder. */
  addPage(under: WorldSpace | WorldNode, title: string, details?: ContentDetails): WorldNode
  addBlogPost(space: WorldSpace, title: string, details?: ContentDetails): WorldNode
  addFolder(under: WorldSpace | WorldNode, title: string, details?: ContentDetails): WorldNode
  /** What has no body but a place in the tree. */
  addNode(
    type: 'whiteboard' | 'database' | 'embed',
    under: WorldSpace | WorldNode,
    title: string,
    details?: ContentDetails,
  ): WorldNode
  /** A comment on a page or post, or an answer to a comment. */
  addComment(on: WorldNode, body: string, details?: CommentDetails): WorldNode
  addAttachment(to: WorldNode, filename: string, details: AttachmentDetails): WorldNode
}

/** The inside of a memory world that content needs. */
export interface ContentParts {
  readonly store: MemoryStore
  readonly bodies: Map<string, string | (() => string)>
  readonly views: Map<string, string>
  readonly crawler: User
  readonly clock: () => Date
  /** The id that was asked for, noted as taken, or the next free one. */
  readonly takeId: (id?: string) => string
}

export function contentBuilder(parts: ContentParts): ContentBuilder {
  const { store, crawler } = parts
  const make = nodeMaker(parts)

  function add(
    type: WorldNodeType,
    under: WorldSpace | WorldNode,
    title: string,
    details: ContentDetails = {},
  ) {
    const parent = 'key' in under ? undefined : under
    const position = details.position ?? lastPosition(store, parent) + 1
    const node = make(type, {
      spaceId: parent?.spaceId ?? under.id,
      title,
      details: { ...details, position },
    })
    if (parent !== undefined) node.parentId = parent.id
    store.add(node)
    return node
  }

  return {
    addPage: (under, title, details) => add('page', under, title, details),
    addBlogPost: (space, title, details) => add('blogpost', space, title, details),
    addFolder: (under, title, details) => add('folder', under, title, details),
    addNode: (type, under, title, details) => add(type, under, title, details),
    addComment(on, body, details = {}) {
      const title = `Re: ${on.title.replace(/^Re: /, '')}`
      const author = details.author ?? crawler
      const node = make('comment', { spaceId: on.spaceId, title, details: { body, author } })
      node.containerId = on.containerId ?? on.id
      if (on.type === 'comment') node.parentId = on.id
      node.comment = placeOfComment(node.id, on, details)
      store.add(node)
      return node
    },
    addAttachment(to, filename, { mediaType, bytes, size, comment = '', author = crawler, labels = [] }) {
      const node = make('attachment', { spaceId: to.spaceId, title: filename, details: { author, labels } })
      node.containerId = to.id
      const fileId = uuidOf(`file/${node.id}/1`)
      node.attachment = { mediaType, fileId, size: size ?? bytes().byteLength, comment, bytes }
      store.add(node)
      return node
    },
  }
}

/** Makes nodes with everything but their place in the tree. */
function nodeMaker({ bodies, views, crawler, clock, takeId }: ContentParts) {
  return (
    type: WorldNodeType,
    what: { readonly spaceId: string; readonly title: string; readonly details: ContentDetails },
  ): WorldNode => {
    const { spaceId, title, details } = what
    const { version: number = 1 } = details
    const createdAt = details.createdAt ?? clock()
    const changedAt = number > 1 ? clock() : createdAt
    const authorId = (details.author ?? crawler).accountId
    const node: WorldNode = {
      id: takeId(details.id),
      type,
      spaceId,
      title,
      status: details.status ?? 'current',
      position: details.position ?? 0,
      createdAt,
      authorId,
      version: { number, createdAt: changedAt, authorId, message: '', minorEdit: false },
      labels: details.labels ?? [],
      readRestriction: restrictionTo(details.read ?? []),
      updateRestriction: restrictionTo(details.update ?? []),
    }
    if (details.live) node.subtype = 'live'
    if (details.body !== undefined) bodies.set(node.id, details.body)
    if (details.view !== undefined) views.set(node.id, details.view)
    return node
  }
}

/** Nodes at the root have no common parent, and no order but that of their ids. */
function lastPosition(store: MemoryStore, parent: WorldNode | undefined): number {
  return parent === undefined ? -1 : (store.children(parent.id).at(-1)?.position ?? -1)
}

function placeOfComment(id: string, on: WorldNode, { inline, resolution = 'open' }: CommentDetails) {
  if (inline === undefined) return { location: on.comment?.location ?? ('footer' as const), resolution }
  const { selection, markerRef = uuidOf(`marker/${id}`) } = inline
  return { location: 'inline' as const, resolution, selection, markerRef }
}
