/**
 * What the routes of one Data Center share: its world, its addresses and abilities, and what one request needs of them.
 *
 * @module
 */

import type { FastifyRequest } from 'fastify'
import type { Viewer } from '../access.ts'
import type { SandboxContext } from '../context.ts'
import { Problem } from '../problem.ts'
import type { Group, User, WorldNode, WorldSpace } from '../world.ts'
import type { Capabilities } from './capabilities.ts'
import { noContent, noSpace } from './problem.ts'

export interface DataCenterSite extends SandboxContext {
  readonly capabilities: Capabilities
  /** Address of the whole site, context path included, no slash at the end. */
  readonly base: string
}

/** One request's view of the site. */
export interface Visit extends DataCenterSite {
  readonly viewer: Viewer
  user(accountId: string): User | undefined
  group(id: string): Group | undefined
  spaceOf(node: WorldNode): WorldSpace
}

/** @throws {Problem} 401 when the caller may not use this Confluence at all. */
export function visit(site: DataCenterSite, request: FastifyRequest): Visit {
  const { viewer } = request
  const { world } = site
  if (!viewer.entersSite)
    throw new Problem(401, 'UNAUTHORIZED', 'Client must be authenticated to access this resource.')
  const users = once(() => new Map(world.users.map((user) => [user.accountId, user])))
  const groups = once(() => new Map(world.groups.map((group) => [group.id, group])))
  const spaces = once(() => new Map(world.spaces.map((space) => [space.id, space])))
  return {
    ...site,
    viewer,
    user: (accountId) => users().get(accountId),
    group: (id) => groups().get(id),
    spaceOf: (node) => spaces().get(node.spaceId)!,
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** A space by its key, letter case aside, if the caller sees it. @throws {Problem} 404 */
export function spaceByKey({ world, viewer }: Visit, key: string): WorldSpace {
  const space = world.spaces.find((one) => one.key.toLowerCase() === key.toLowerCase())
  if (space === undefined || !viewer.sees(space)) throw noSpace(key)
  return space
}

/** A node by the id that the REST API knows it by, if the caller may read it. @throws {Problem} 404 */
export function contentById(
  { world, viewer }: Visit,
  id: string,
  statuses: readonly string[] = ['current'],
): WorldNode {
  const node = world.node(id.replace(/^att/, ''))
  if (node === undefined || !statuses.includes(node.status) || !viewer.may('read', node)) throw noContent(id)
  return node
}

/** Attachments carry a prefix. */
export const restId = (node: WorldNode) => (node.type === 'attachment' ? `att${node.id}` : node.id)
