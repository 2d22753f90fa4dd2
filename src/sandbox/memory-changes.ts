/**
 * What people do to a wiki after it was written. A change makes a new version exactly where Confluence makes one: for bodies,
 * titles and files. Moves, labels, restrictions, trash and archive leave the version alone (which is why a crawler has to look
 * for them elsewhere).
 *
 * @module
 */

import type { MemoryStore } from './memory-store.ts'
import { type Grantee, principalOf, type Restricted, restrictionTo, uuidOf } from './principals.ts'
import {
  type CommentResolution,
  type Group,
  nodeTypes,
  type SpaceOperation,
  type User,
  type WorldNode,
  type WorldNodeType,
  type WorldSpace,
} from './world.ts'

export interface WorldChanges {
  /** New version. Works on pages, posts and comments. */
  edit(
    node: WorldNode,
    body: string,
    edit?: { readonly by?: User; readonly message?: string; readonly minor?: boolean },
  ): void
  /** New version. */
  rename(node: WorldNode, title: string, by?: User): void
  /** New version, new file id; older ones stay to be had. */
  replaceFile(attachment: WorldNode, bytes: () => Uint8Array, by?: User): void
  /** With everything below it; into another space keeps the id. No new version. `position` defaults to the end. */
  move(node: WorldNode, to: WorldSpace | WorldNode, position?: number): void
  /** Replaces the page's own restriction; nobody named means everybody may. No new version. */
  restrict(node: WorldNode, operation: 'read' | 'update', who: readonly Restricted[]): void
  /** Replaces the labels. No new version. */
  label(node: WorldNode, labels: readonly string[]): void
  /** Marks a comment as settled, or as open again. No new version. */
  resolve(comment: WorldNode, resolution: CommentResolution): void
  /** Children move up to the parent. No new version. */
  trash(node: WorldNode): void
  /** Children move up to the parent. No new version. */
  archive(node: WorldNode): void
  /** Out of trash or archive, or publishes a draft. No new version. */
  restore(node: WorldNode): void
  /** Gone for good, with its comments and attachments. Children move up to the parent. */
  purge(node: WorldNode): void
  /** Its name, not its key. */
  renameSpace(space: WorldSpace, name: string): void
  /** Hides it from lists and searches that do not ask for archived spaces; its content stays as it is. */
  archiveSpace(space: WorldSpace): void
  /** Gone for good, with everything in it. */
  deleteSpace(space: WorldSpace): void
  revoke(space: WorldSpace, grantee: Grantee, operations?: readonly SpaceOperation[]): void
  join(user: User, group: Group): void
  leave(user: User, group: Group): void
  /** Restrictions and grants go on naming it. */
  deleteGroup(group: Group): void
  deactivate(user: User): void
}

/** The inside of a memory world that changes need. */
export interface WorldParts {
  readonly store: MemoryStore
  readonly bodies: Map<string, string | (() => string)>
  readonly views: Map<string, string>
  readonly groups: Group[]
  readonly spaces: WorldSpace[]
  readonly clock: () => Date
}

export function worldChanges(parts: WorldParts): WorldChanges {
  return {
    ...contentChanges(parts),
    ...treeChanges(parts),
    ...spaceChanges(parts),
    ...accessChanges(parts),
  }
}

function contentChanges({ store, bodies, views, clock }: WorldParts) {
  function bump(node: WorldNode, authorId = node.version.authorId, message = '', minorEdit = false): void {
    node.version = { number: node.version.number + 1, createdAt: clock(), authorId, message, minorEdit }
  }

  return {
    edit(node, body, { by, message, minor } = {}) {
      bodies.set(node.id, body)
      views.delete(node.id)
      bump(node, by?.accountId, message, minor)
    },
    rename(node, title, by) {
      store.change(node, () => {
        node.title = title
      })
      bump(node, by?.accountId)
    },
    replaceFile(node, bytes, by) {
      if (node.attachment === undefined) throw new Error(`${node.title} is no attachment.`)
      const { attachment, version } = node
      const previous = [{ number: version.number, bytes: attachment.bytes }, ...(attachment.previous ?? [])]
      bump(node, by?.accountId)
      const fileId = uuidOf(`file/${node.id}/${node.version.number}`)
      node.attachment = { ...attachment, bytes, size: bytes().byteLength, fileId, previous }
    },
    label(node, labels) {
      node.labels = labels
    },
    resolve(node, resolution) {
      if (node.comment === undefined) throw new Error(`${node.title} is no comment.`)
      node.comment = { ...node.comment, resolution }
    },
  } satisfies Partial<WorldChanges>
}

function treeChanges({ store, bodies, views }: WorldParts) {
  const attachedTo = (node: WorldNode) => [
    ...store.attached(node.id, 'comment'),
    ...store.attached(node.id, 'attachment'),
  ]

  /** A copy, for the store's own list changes while it is gone through. */
  const childrenNow = (node: WorldNode) => store.children(node.id).slice()

  function settle(node: WorldNode, spaceId: string, parentId: string | undefined, position: number): void {
    store.change(node, () => {
      node.spaceId = spaceId
      node.position = position
      if (parentId === undefined) delete node.parentId
      else node.parentId = parentId
    })
  }

  /** Descendants, comments and attachments live in the space of what they belong to. */
  function followInto(spaceId: string, node: WorldNode): void {
    for (const one of attachedTo(node)) settle(one, spaceId, one.parentId, one.position)
    for (const child of childrenNow(node)) {
      settle(child, spaceId, child.parentId, child.position)
      followInto(spaceId, child)
    }
  }

  const endOf = (parentId: string | undefined): number =>
    parentId === undefined ? 0 : (store.children(parentId).at(-1)?.position ?? -1) + 1

  function liftChildren(node: WorldNode): void {
    for (const child of childrenNow(node)) {
      settle(child, child.spaceId, node.parentId, endOf(node.parentId))
    }
  }

  function putAway(node: WorldNode, status: 'trashed' | 'archived'): void {
    if (node.type !== 'comment') liftChildren(node)
    node.status = status
  }

  function purge(node: WorldNode): void {
    if (node.type === 'comment') for (const answer of childrenNow(node)) purge(answer)
    liftChildren(node)
    for (const gone of [...attachedTo(node), node]) {
      store.remove(gone)
      bodies.delete(gone.id)
      views.delete(gone.id)
    }
  }

  return {
    move(node, to, position) {
      const parentId = 'key' in to ? undefined : to.id
      const spaceId = 'key' in to ? to.id : to.spaceId
      for (let above = parentId; above !== undefined; above = store.get(above)?.parentId) {
        if (above === node.id) throw new Error(`${node.title} cannot be moved below itself.`)
      }
      const entersSpace = spaceId !== node.spaceId
      settle(node, spaceId, parentId, position ?? endOf(parentId))
      if (entersSpace) followInto(spaceId, node)
    },
    trash: (node) => putAway(node, 'trashed'),
    archive: (node) => putAway(node, 'archived'),
    restore(node) {
      node.status = 'current'
    },
    purge,
  } satisfies Partial<WorldChanges>
}

function spaceChanges({ store, bodies, views, spaces }: WorldParts) {
  /** From the end, since each removal makes the list shorter. */
  function empty(space: WorldSpace, type: WorldNodeType): void {
    const list = store.list(space.id, type)
    for (let index = list.length - 1; index >= 0; index -= 1) {
      const node = list.at(index)
      store.remove(node)
      bodies.delete(node.id)
      views.delete(node.id)
    }
  }

  return {
    renameSpace(space, name) {
      space.name = name
    },
    archiveSpace(space) {
      space.status = 'archived'
    },
    deleteSpace(space) {
      for (const type of nodeTypes) empty(space, type)
      const index = spaces.indexOf(space)
      if (index >= 0) spaces.splice(index, 1)
    },
  } satisfies Partial<WorldChanges>
}

function accessChanges({ groups }: WorldParts) {
  return {
    restrict(node, operation, who) {
      if (operation === 'read') node.readRestriction = restrictionTo(who)
      else node.updateRestriction = restrictionTo(who)
    },
    revoke(space, grantee, operations) {
      const { type, id } = principalOf(grantee)
      const revoked = ({ key, targetType }: SpaceOperation) =>
        operations?.some((one) => one.key === key && one.targetType === targetType) ?? true
      space.grants = space.grants.filter(
        ({ principal, operation }) => principal.type !== type || principal.id !== id || !revoked(operation),
      )
    },
    join(user, group) {
      group.members.add(user.accountId)
    },
    leave(user, group) {
      group.members.delete(user.accountId)
    },
    deleteGroup(group) {
      const index = groups.indexOf(group)
      if (index >= 0) groups.splice(index, 1)
    },
    deactivate(user) {
      user.active = false
    },
  } satisfies Partial<WorldChanges>
}
