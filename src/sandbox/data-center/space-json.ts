/**
 * Spaces as Data Center's REST API shows them.
 *
 * @module
 */

import type { WorldSpace } from '../world.ts'
import type { Expansion } from './expansion.ts'
import type { DataCenterSite } from './site.ts'

export function spaceJson({ base }: DataCenterSite, space: WorldSpace, expansion: Expansion) {
  const path = `/rest/api/space/${encodeURIComponent(space.key)}`
  const homepage = space.homepageId === undefined ? '' : `/rest/api/content/${space.homepageId}`
  const description = { plain: { value: space.description, representation: 'plain' } }
  const expandable = { metadata: '', icon: '', description: '', retentionPolicy: '', homepage }
  const unexpanded = Object.entries(expandable).filter(([name]) => !expansion.has(name))
  return {
    id: Number(space.id),
    key: space.key,
    name: space.name,
    status: space.status,
    type: space.type === 'personal' ? 'personal' : 'global',
    ...(expansion.has('description') && { description }),
    ...(expansion.has('homepage') &&
      space.homepageId !== undefined && { homepage: homepageJson(base, space) }),
    _links: { webui: `/display/${space.key}`, self: `${base}${path}` },
    _expandable: Object.fromEntries(unexpanded),
  }
}

/** The home page as a bare reference; its own expansions are behind `self`. */
function homepageJson(base: string, space: WorldSpace) {
  const id = space.homepageId
  return { id, type: 'page', status: 'current', _links: { self: `${base}/rest/api/content/${id}` } }
}
