/**
 * People and groups as Data Center's REST API shows them.
 *
 * @module
 */

import type { Group, User } from '../world.ts'
import type { DataCenterSite } from './site.ts'

export function userJson({ base, contextPath }: DataCenterSite, user: User) {
  return {
    type: 'known',
    username: user.username,
    userKey: user.userKey,
    profilePicture: {
      path: `${contextPath}/images/icons/profilepics/default.svg`,
      width: 48,
      height: 48,
      isDefault: true,
    },
    displayName: user.displayName,
    _links: { self: `${base}/rest/api/user?key=${user.userKey}` },
    _expandable: { status: '' },
  }
}

/** Somebody whose account is gone. */
export function unknownUserJson({ contextPath }: DataCenterSite, id: string) {
  return {
    type: 'unknown',
    username: id,
    userKey: id,
    profilePicture: {
      path: `${contextPath}/images/icons/profilepics/anonymous.svg`,
      width: 48,
      height: 48,
      isDefault: true,
    },
    displayName: `Unknown User (${id})`,
  }
}

export function anonymousJson({ base, contextPath }: DataCenterSite) {
  return {
    type: 'anonymous',
    profilePicture: {
      path: `${contextPath}/images/icons/profilepics/anonymous.svg`,
      width: 48,
      height: 48,
      isDefault: true,
    },
    displayName: 'Anonymous',
    _links: { self: `${base}/rest/api/user/anonymous` },
    _expandable: { status: '' },
  }
}

export function groupJson({ base }: DataCenterSite, group: Pick<Group, 'name'>) {
  return {
    type: 'group',
    name: group.name,
    _links: { self: `${base}/rest/api/group/${encodeURIComponent(group.name)}` },
  }
}
