/**
 * What a space grants, in Data Center's words: operations in REST, permission types in JSON-RPC.
 *
 * @module
 */

import type { SpaceGrant, SpaceOperation, WorldSpace } from '../world.ts'
import type { Visit } from './site.ts'

/** Operation to permission type. Operations of Cloud that are not here do not exist on Data Center. */
const types: Readonly<Record<string, string>> = {
  'read/space': 'VIEWSPACE',
  'create/page': 'EDITSPACE',
  'create/blogpost': 'EDITBLOG',
  'create/comment': 'COMMENT',
  'create/attachment': 'CREATEATTACHMENT',
  'delete/page': 'REMOVEPAGE',
  'delete/blogpost': 'REMOVEBLOG',
  'delete/comment': 'REMOVECOMMENT',
  'delete/attachment': 'REMOVEATTACHMENT',
  'restrict_content/space': 'SETPAGEPERMISSIONS',
  'export/space': 'EXPORTSPACE',
  'administer/space': 'SETSPACEPERMISSIONS',
}

const typeOf = ({ key, targetType }: SpaceOperation) => types[`${key}/${targetType}`]

const isAnonymous = ({ principal }: SpaceGrant) => principal.type === 'access-class'

/** Space administrators and those of the product may look at a space's permissions. */
export function mayAdminister({ viewer }: Visit, space: WorldSpace): boolean {
  return viewer.isAdmin || viewer.holds(space, 'administer', 'space')
}

/** The REST form: flat, users by key alone; the anonymous permissions are a list of their own. */
export function permissionsJson(visitor: Visit, space: WorldSpace, whose: 'known' | 'anonymous') {
  return space.grants
    .filter(
      (grant) => typeOf(grant.operation) !== undefined && isAnonymous(grant) === (whose === 'anonymous'),
    )
    .flatMap((grant) => {
      const subject = subjectOf(visitor, grant)
      const operation = { targetType: grant.operation.targetType, operationKey: grant.operation.key }
      return subject === undefined
        ? []
        : [{ operation, subject, spaceKey: space.key, spaceId: Number(space.id) }]
    })
}

/** A permission of a deleted group or user is deleted with it. */
function subjectOf(visitor: Visit, { principal }: SpaceGrant) {
  if (principal.type === 'access-class') return { type: 'anonymous', displayName: 'Anonymous' }
  if (principal.type === 'user') {
    const user = visitor.user(principal.id)
    return user && { type: 'user', userKey: user.userKey }
  }
  const group = visitor.group(principal.id)
  return group && { type: 'group', name: group.name }
}

/** The JSON-RPC form: one set for each permission type; an entry without either name is the anonymous visitors'. */
export function permissionSets(visitor: Visit, space: WorldSpace) {
  const granted = space.grants.flatMap((grant) => {
    const type = typeOf(grant.operation)
    const subject = type === undefined ? undefined : namesOf(visitor, grant)
    return type === undefined || subject === undefined ? [] : [{ type, ...subject }]
  })
  return Object.values(types).map((type) => ({
    type,
    spacePermissions: granted.filter((permission) => permission.type === type),
  }))
}

function namesOf(visitor: Visit, { principal }: SpaceGrant) {
  if (principal.type === 'access-class') return { userName: null, groupName: null }
  if (principal.type === 'user') {
    const user = visitor.user(principal.id)
    return user && { userName: user.username, groupName: null }
  }
  const group = visitor.group(principal.id)
  return group && { userName: null, groupName: group.name }
}
