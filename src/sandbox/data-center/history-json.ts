/**
 * Versions and history of content as Data Center's REST API shows them.
 *
 * @module
 */

import type { WorldNode, WorldVersion } from '../world.ts'
import type { Expansion } from './expansion.ts'
import { unknownUserJson, userJson } from './people-json.ts'
import { restId, type Visit } from './site.ts'

function personJson(visitor: Visit, accountId: string) {
  const user = visitor.user(accountId)
  return user === undefined ? unknownUserJson(visitor, accountId) : userJson(visitor, user)
}

export function versionJson(visitor: Visit, version: WorldVersion) {
  return {
    by: personJson(visitor, version.authorId),
    when: version.createdAt.toISOString(),
    message: version.message,
    number: version.number,
    minorEdit: version.minorEdit,
    hidden: false,
  }
}

export function historyJson(visitor: Visit, node: WorldNode, expansion: Expansion) {
  const expandable = ['lastUpdated', 'previousVersion', 'nextVersion', 'contributors']
  return {
    latest: true,
    createdBy: personJson(visitor, node.authorId),
    createdDate: node.createdAt.toISOString(),
    ...(expansion.has('lastUpdated') && { lastUpdated: versionJson(visitor, node.version) }),
    _links: { self: `${visitor.base}/rest/api/content/${restId(node)}/history` },
    _expandable: Object.fromEntries(
      expandable.filter((name) => name !== 'lastUpdated' || !expansion.has(name)).map((name) => [name, '']),
    ),
  }
}
