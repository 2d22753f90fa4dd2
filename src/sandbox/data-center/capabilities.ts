/**
 * What Data Center can do from which version on.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'

/** First version that has it. Sources: Atlassian's release notes and REST documentation of Data Center. */
const since = {
  personalAccessTokens: [7, 9],
  scanOfPages: [7, 18],
  scanOfPostsAndComments: [8, 3],
  serverInformation: [9, 0],
  globalPermissions: [9, 0],
  /** `/spaces/KEY/pages/ID/Title` instead of `/display/KEY/Title`. */
  linksBySpace: [9, 0],
  spacePermissions: [9, 1],
  relevantViewRestrictions: [9, 3],
} as const satisfies Record<string, readonly [number, number]>

/** First version that has it no more. */
const until = {
  jsonRpc: [9, 1],
} as const satisfies Record<string, readonly [number, number]>

export type Capabilities = Readonly<Record<keyof typeof since | keyof typeof until, boolean>>

const oldest = [7, 4] as const
const newest = [10, 99] as const

/** @throws {OutflowError} `sandbox.version.unknown` for anything but 7.4 to 10. */
export function capabilitiesOf(version: string): Capabilities {
  const parsed = parseVersion(version)
  const reached = ([name, first]: [string, readonly [number, number]]) =>
    [name, isAtLeast(parsed, first)] as const
  const gone = ([name, first]: [string, readonly [number, number]]) =>
    [name, !isAtLeast(parsed, first)] as const
  return Object.fromEntries([
    ...Object.entries(since).map(reached),
    ...Object.entries(until).map(gone),
  ]) as Capabilities
}

function parseVersion(version: string): readonly [number, number] {
  const [, major, minor = '0'] = /^(\d+)(?:\.(\d+)){0,1}(?:\.\d+)*$/.exec(version) ?? []
  const parsed = [Number(major), Number(minor)] as const
  if (major !== undefined && isAtLeast(parsed, oldest) && isAtLeast(newest, parsed)) return parsed
  throw new OutflowError({
    kind: 'config',
    code: 'sandbox.version.unknown',
    message: `The sandbox cannot be Confluence Data Center ${JSON.stringify(version)}.`,
    fix: 'Give a version from 7.4 to 10, such as 7.4, 8.5.4 or 10.0.3.',
  })
}

function isAtLeast(
  [major, minor]: readonly [number, number],
  [atLeast, atLeastMinor]: readonly [number, number],
) {
  return major > atLeast || (major === atLeast && minor >= atLeastMinor)
}
