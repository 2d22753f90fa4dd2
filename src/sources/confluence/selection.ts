/**
 * Which pages of a space are wanted, by the filters of the settings. A page that is not, is skipped by the name of the rule.
 *
 * @module
 */

import type { ContentItem } from './api.ts'
import type { TreeNode } from './tree.ts'

export interface Filters {
  /** A page that carries one of these. Empty: any page. */
  readonly labels: readonly string[]
  /** Id of a page: this one and all below it. */
  readonly ancestor?: string | undefined
  readonly cql?: string | undefined
}

export interface Selection {
  /** Whether anything can be left out at all. */
  readonly filtering: boolean
  /** The rule by which a page is left out. */
  skips(item: ContentItem, way: readonly TreeNode[]): string | undefined
}

/** @param matching ids that the `cql` filter finds in this space; absent without such a filter */
export function createSelection(filters: Filters, matching: ReadonlySet<string> | undefined): Selection {
  const { ancestor } = filters
  const labels = new Set(filters.labels)
  return {
    filtering: isFiltering(filters),
    skips(item, way) {
      if (ancestor !== undefined && !way.some(({ id }) => id === ancestor)) return 'ancestor'
      if (labels.size > 0 && !way.at(-1)?.labels.some((label) => labels.has(label))) return 'labels'
      if (matching && !matching.has(item.id)) return 'cql'
      return undefined
    },
  }
}

export function isFiltering({ labels, ancestor, cql }: Filters): boolean {
  return labels.length > 0 || ancestor !== undefined || cql !== undefined
}
