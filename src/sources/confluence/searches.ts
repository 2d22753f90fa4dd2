/**
 * API v1's two searches for content, the same on Cloud and Data Center: one that leaves archived spaces out, and one that need not.
 *
 * @module
 */

export interface Search {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Expansions (`version,body.storage`) as this search calls them. */
  expand(parts: string): string
  /** The content that a result is, or holds. */
  contentIn<Wire>(result: Wire): Wire
}

/** Finds content of archived spaces, and archived pages where there are any, beside what is current. */
export const wideSearch: Search = {
  path: '/rest/api/search',
  query: {
    cqlcontext: JSON.stringify({ contentStatuses: ['current', 'archived'] }),
    includeArchivedSpaces: 'true',
  },
  expand: (parts) => parts.replaceAll(/[^,]+/g, (part) => `content.${part}`),
  contentIn: <Wire>(result: Wire) => (result as { readonly content: Wire }).content,
}

export const contentSearch: Search = {
  path: '/rest/api/content/search',
  query: {},
  expand: (parts) => parts,
  contentIn: (result) => result,
}
