/**
 * What v1 says of a user, a group, a version, a space.
 *
 * @module
 */

import type { FastifyRequest } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import type { Group, User, WorldSpace, WorldVersion } from '../../world.ts'

export const restUrl = ({ origin, contextPath }: SandboxContext, path: string) =>
  `${origin}${contextPath}/rest/api${path}`

/** What was asked for, relative to `/rest/api`. */
export const pathOf = (request: FastifyRequest) => request.url.replace(/^.*?\/rest\/api/, '')

/** The links that close every list, beside `next`. */
export const listLinks = (context: SandboxContext, self: string) => ({
  base: `${context.origin}${context.contextPath}`,
  context: context.contextPath,
  self: restUrl(context, self),
})

export const userShape = (context: SandboxContext, user: User) => ({
  type: 'known',
  accountId: user.accountId,
  accountType: 'atlassian',
  email: '',
  publicName: user.displayName,
  profilePicture: {
    path: `${context.contextPath}/aa-avatar/${user.accountId}`,
    width: 48,
    height: 48,
    isDefault: false,
  },
  displayName: user.displayName,
  isExternalCollaborator: false,
  accountStatus: user.active ? 'active' : 'inactive',
  _expandable: { operations: '', personalSpace: '' },
  _links: { self: restUrl(context, `/user?accountId=${user.accountId}`) },
})

export const anonymousShape = (context: SandboxContext) => ({
  type: 'anonymous',
  profilePicture: {
    path: `${context.contextPath}/images/icons/profilepics/anonymous.svg`,
    width: 48,
    height: 48,
    isDefault: true,
  },
  displayName: 'Anonymous',
  isExternalCollaborator: false,
  _expandable: { operations: '' },
  _links: { self: restUrl(context, '/user/anonymous') },
})

/** A person by account id; one whom the site no longer knows still has an id. */
export function personShape(context: SandboxContext, accountId: string) {
  const user = context.world.users.find((each) => each.accountId === accountId)
  if (user !== undefined) return userShape(context, user)
  return { type: 'unknown', accountId, displayName: 'Former user', _links: {} }
}

export const groupShape = (context: SandboxContext, { id, name }: Pick<Group, 'id' | 'name'>) => ({
  type: 'group',
  name,
  id,
  _links: { self: restUrl(context, `/group/by-id?id=${id}`) },
})

export const versionShape = (context: SandboxContext, id: string, version: WorldVersion) => ({
  by: personShape(context, version.authorId),
  when: version.createdAt.toISOString(),
  friendlyWhen: version.createdAt.toISOString().slice(0, 10),
  message: version.message,
  number: version.number,
  minorEdit: version.minorEdit,
  contentTypeModified: false,
  _expandable: { collaborators: '', content: `/rest/api/content/${id}` },
  _links: { self: restUrl(context, `/content/${id}/version/${version.number}`) },
})

export const spaceShape = (
  context: SandboxContext,
  { id, key, name, type, status, homepageId }: WorldSpace,
) => ({
  id: Number(id),
  key,
  name,
  type,
  status,
  _expandable: {
    settings: `/rest/api/space/${key}/settings`,
    metadata: '',
    operations: '',
    lookAndFeel: `/rest/api/settings/lookandfeel?spaceKey=${key}`,
    permissions: '',
    icon: '',
    description: '',
    theme: `/rest/api/space/${key}/theme`,
    history: '',
    ...(homepageId !== undefined && { homepage: `/rest/api/content/${homepageId}` }),
  },
  _links: { webui: `/spaces/${key}`, self: restUrl(context, `/space/${key}`) },
})
