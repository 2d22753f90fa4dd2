/**
 * Anchors of headings, as Confluence makes them for its own pages.
 *
 * - Cloud (the editor of today): the text with `-` for each run of spaces: `Release-plan`.
 * - Data Center: page title and text without spaces, `id-` before it unless it begins with a letter: `Handbook-Releaseplan`
 *   (seen in rendered pages of both: `GitHubPlugin-ManualMode`, `id-2024-11-19Meetingnotes-Date`).
 *
 * A second heading of the same text gets `.1`, the third `.2`.
 *
 * @module
 */

type Deployment = 'cloud' | 'data-center'

export function headingAnchor(text: string, pageTitle: string, deployment: Deployment): string {
  const words = text.trim()
  if (deployment === 'cloud') return words.replace(/\s+/g, '-')
  const anchor = `${pageTitle}-${words}`.replace(/\s+/g, '')
  return /^\p{L}/u.test(anchor) ? anchor : `id-${anchor}`
}

/** Gives every heading of one page an anchor of its own. */
export function createAnchors(pageTitle: string, deployment: Deployment): (text: string) => string {
  const seen = new Map<string, number>()
  return (text) => {
    const anchor = headingAnchor(text, pageTitle, deployment)
    const before = seen.get(anchor) ?? 0
    seen.set(anchor, before + 1)
    return before === 0 ? anchor : `${anchor}.${before}`
  }
}
