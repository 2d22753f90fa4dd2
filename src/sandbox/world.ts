/**
 * What a sample Confluence holds: users, groups, spaces and a content tree, with their access rules, as plain facts. The
 * server's routes, the access decisions and the sample sites all stand on this file and on nothing of the connector.
 *
 * A hand-written world keeps everything in memory; a generated one computes nodes from their index, so that 100,000 pages cost
 * little memory. Both answer the same interface.
 *
 * @module
 */

export interface User {
  /** Cloud: `712020:…`. */
  readonly accountId: string
  /** Data Center: 32 hex digits. */
  readonly userKey: string
  readonly username: string
  readonly displayName: string
  readonly email: string
  /** What they sign in with: password on Data Center, API token with the e-mail on Cloud, personal access token as bearer. */
  readonly password: string
  readonly apiToken: string
  readonly personalAccessToken: string
  active: boolean
}

export interface Group {
  /** UUID on Cloud; Data Center goes by name. */
  readonly id: string
  readonly name: string
  /** Account ids, subgroups already flattened. */
  readonly members: Set<string>
  /** Whether membership gives a Confluence licence, or the administration of the product. */
  readonly access?: 'user' | 'admin'
}

/** Confluence's access classes, as role assignments spell them. */
export type AccessClass =
  | 'anonymous-users'
  | 'authenticated-users'
  | 'all-licensed-users'
  | 'all-product-admins'
  | 'jsm-project-admins'

export type WorldPrincipal =
  | { readonly type: 'user'; readonly id: string }
  | { readonly type: 'group'; readonly id: string }
  | { readonly type: 'access-class'; readonly id: AccessClass }

/** As Cloud's v2 names them: `{key: 'read', targetType: 'space'}`. */
export interface SpaceOperation {
  readonly key: string
  readonly targetType: string
}

export interface SpaceGrant {
  readonly id: string
  readonly principal: WorldPrincipal
  readonly operation: SpaceOperation
}

export interface SpaceRole {
  readonly id: string
  readonly name: string
  readonly operations: readonly SpaceOperation[]
}

export interface WorldSpace {
  readonly id: string
  key: string
  name: string
  readonly type: 'global' | 'collaboration' | 'knowledge_base' | 'personal'
  status: 'current' | 'archived'
  description: string
  homepageId?: string
  readonly createdAt: Date
  readonly authorId: string
  grants: SpaceGrant[]
  roleAssignments: { readonly principal: WorldPrincipal; readonly roleId: string }[]
}

export const nodeTypes = [
  'page',
  'blogpost',
  'folder',
  'whiteboard',
  'database',
  'embed',
  'comment',
  'attachment',
] as const

export type WorldNodeType = (typeof nodeTypes)[number]

/** `dangling`: the words that it marked are gone from the page. */
export type CommentResolution = 'open' | 'resolved' | 'reopened' | 'dangling'

/** Account ids and group ids who pass; both empty = not restricted. */
export interface WorldRestriction {
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

export interface WorldVersion {
  readonly number: number
  readonly createdAt: Date
  readonly authorId: string
  readonly message: string
  readonly minorEdit: boolean
}

export interface WorldNode {
  /** Digits alone; attachments are written `att…` by the routes that do so. */
  readonly id: string
  readonly type: WorldNodeType
  spaceId: string
  title: string
  status: 'current' | 'archived' | 'trashed' | 'draft'
  /** In the tree: page, folder, …. Comments: the comment they answer. Undefined at the root. */
  parentId?: string
  position: number
  readonly createdAt: Date
  readonly authorId: string
  version: WorldVersion
  labels: readonly string[]
  /** Own ones only; inheritance is decided by `access.ts`. */
  readRestriction: WorldRestriction
  updateRestriction: WorldRestriction
  subtype?: 'live'
  /** Comments and attachments: the page or post they belong to. */
  containerId?: string
  comment?: {
    readonly location: 'footer' | 'inline'
    readonly resolution: CommentResolution
    /** Inline only: the words that it marks. */
    readonly selection?: string
    readonly markerRef?: string
  }
  attachment?: {
    readonly mediaType: string
    readonly fileId: string
    readonly size: number
    readonly comment: string
    /** The bytes; made when asked for. */
    readonly bytes: () => Uint8Array
    /** Those of older versions, which stay to be had by their number. */
    readonly previous?: readonly { readonly number: number; readonly bytes: () => Uint8Array }[]
  }
}

/** Many nodes in ascending order of id, of which only those looked at exist. */
export interface NodeList {
  readonly length: number
  at(index: number): WorldNode
}

export interface World {
  readonly name: string
  readonly cloudId: string
  readonly roleMode: 'PRE_ROLES' | 'ROLES_TRANSITION' | 'ROLES'
  readonly users: readonly User[]
  readonly groups: readonly Group[]
  readonly roles: readonly SpaceRole[]
  readonly spaces: readonly WorldSpace[]
  /** Whether the site lets anonymous visitors in at all; a space has to as well. */
  readonly anonymousAccess: boolean
  /** The account the demo, the tests and the printed credentials use. */
  readonly crawler: User
  node(id: string): WorldNode | undefined
  /** All nodes of a space of one type, whatever their status, by ascending id. */
  list(spaceId: string, type: WorldNodeType): NodeList
  /** Direct children in the tree (of a comment: its answers), whatever their status, by position. */
  children(id: string): readonly WorldNode[]
  /** Comments or attachments of a page or post, by ascending id. */
  attached(containerId: string, type: 'comment' | 'attachment'): readonly WorldNode[]
  /** Storage format of a page, post or comment. */
  storage(id: string): string
  /** The page as the server would render it: macros included. Undefined: derive it from storage. */
  view?(id: string): string | undefined
}
