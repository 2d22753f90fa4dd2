/**
 * The `expand` parameter: `body.storage,version,restrictions.read.restrictions.user` as a tree, and how many results a listing
 * with it may carry.
 *
 * @module
 */

export interface Expansion {
  /** Whether this is expanded: `has('version')`. */
  has(name: string): boolean
  /** What is expanded below a name; nothing where the name is not expanded. */
  below(name: string): Expansion
  readonly names: readonly string[]
}

/** @param expand the parameter's value, or all of its values where it was given more than once */
export function parseExpansion(expand: string | readonly string[] | undefined): Expansion {
  const values = expand === undefined ? [] : typeof expand === 'string' ? [expand] : expand
  const paths = values.flatMap((value) => value.split(',')).map((path) => path.trim())
  return expansionOf(paths.filter((path) => path !== ''))
}

function expansionOf(paths: readonly string[]): Expansion {
  const names = [...new Set(paths.map((path) => path.split('.')[0]!))]
  return {
    names,
    has: (name) => names.includes(name),
    below: (name) =>
      expansionOf(
        paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1)),
      ),
  }
}

/**
 * The most results that one answer carries, whatever was asked for and without a word about it: 50 with bodies, 200 with other
 * expansions, 1,000 with none (Atlassian's knowledge base: "Searching for content with the REST API and CQL always limits results
 * to 50").
 */
export function resultCap(expansion: Expansion): number {
  if (expansion.has('body')) return 50
  return expansion.names.length > 0 ? 200 : 1000
}
