/**
 * Finding what a request names, through the eyes of its caller.
 *
 * @module
 */

import type { Viewer } from '../../access.ts'
import { found, notFound } from '../../problem.ts'
import type { World, WorldNode, WorldSpace } from '../../world.ts'

/** Whose eyes look at which world. */
export interface Sight {
  readonly world: World
  readonly viewer: Viewer
}

/** Routes that name one thing by its id. */
export interface ById {
  readonly Params: { readonly id: string }
}

/** The node with this id, if it is of one of these types and the caller may read it. @throws {Problem} 404. */
export function visible(
  { world, viewer }: Sight,
  id: string,
  types: readonly WorldNode['type'][],
): WorldNode {
  const node = found(world.node(id.replace(/^att/, '')))
  if (!types.includes(node.type) || !viewer.may('read', node)) throw notFound()
  return node
}

/** @throws {Problem} 404. */
export function visibleSpace({ world, viewer }: Sight, id: string): WorldSpace {
  const space = found(world.spaces.find((each) => each.id === id))
  if (!viewer.sees(space)) throw notFound()
  return space
}

export function operationsOf(viewer: Viewer, node: WorldNode) {
  return (['read', 'update', 'delete'] as const)
    .filter((operation) => viewer.may(operation, node))
    .map((operation) => ({ operation, targetType: node.type }))
}
