/**
 * What Data Center can do from which version on.
 *
 * @module
 */

/** First version that has it; Atlassian's release notes and REST documentation. */
const since = {
  /** Pages by `content/scan`. */
  scan: [7, 18],
  /** Blog posts by `content/scan`. */
  scanPosts: [8, 3],
  /** Comments by `content/scan`. */
  scanComments: [8, 3],
  /** Content by `ids=`, documented since the specifications of 9. */
  contentByIds: [9, 0],
  /** Space permissions by REST; below, JSON-RPC alone has them. */
  spacePermissions: [9, 1],
} as const

export type Abilities = Readonly<Record<keyof typeof since, boolean>>

/** @param version `9.3.1`; one that cannot be read counts as the oldest */
export function abilitiesOf(version: string | undefined): Abilities {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  const has = ([atLeast, atLeastMinor]: readonly [number, number]) =>
    major > atLeast || (major === atLeast && minor >= atLeastMinor)
  return {
    scan: has(since.scan),
    scanPosts: has(since.scanPosts),
    scanComments: has(since.scanComments),
    contentByIds: has(since.contentByIds),
    spacePermissions: has(since.spacePermissions),
  }
}
