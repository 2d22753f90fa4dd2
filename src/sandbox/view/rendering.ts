/**
 * What the renderers of a body share.
 *
 * @module
 */

import type { Viewer } from '../access.ts'
import type { SandboxContext } from '../context.ts'
import type { WorldNode } from '../world.ts'
import type { Tag } from './markup.ts'

/** Whose eyes look at which site. */
export interface Reading {
  readonly context: SandboxContext
  readonly viewer: Viewer
}

export interface Rendering extends Reading {
  /** The page or post whose body this is. */
  readonly node: WorldNode
  /** Ids of the pages around this one that include it, to end circles. */
  readonly including: readonly string[]
  /** The children of a tag, as HTML. */
  inside(tag: Tag): string
  /** Another page's body, or a part of it, as it would appear in this place. */
  within(node: WorldNode): Rendering
}
