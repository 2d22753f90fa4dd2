/**
 * What every route of the sandbox stands on: the world, the addresses under which it is served, the traps that are set, and, on each
 * request, the caller.
 *
 * Both flavours register themselves the same way: `registerCloud(app, context)`, `registerDataCenter(app, context)`.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { Viewer } from './access.ts'
import type { Search } from './search.ts'
import type { World } from './world.ts'

/** Oddities of real servers that a site may or may not have; those that every server has are not switches. */
export interface Traps {
  /** How many principals of a restriction a content list embeds; the rest needs `restriction/byOperation`. Default 200. */
  readonly restrictionListSize: number
  /** For how many milliseconds the search index does not know of a change, deletions included (at most a quarter longer). Default 0. */
  readonly indexLagMs: number
  /** Where the site has anonymous access, a wrong credential is answered as anonymous instead of 401. Default false. */
  readonly anonymousDowngrade: boolean
  /** Cloud: whether lists of groups and of people announce their next page. Some sites do not. Default true. */
  readonly peopleNextLinks: boolean
  /** Data Center: after so many wrong passwords of one user a CAPTCHA is asked for, which no program can solve. Default 3. */
  readonly captchaAfter: number
  /** Data Center: how many spaces one listing gives at most. Default 50. */
  readonly spaceListSize: number
  /** Data Center below 9.1: how JSON-RPC answers; `web-sudo` is 200 and HTML. Default `enabled`. */
  readonly remoteApi: 'enabled' | 'disabled' | 'web-sudo'
}

export const defaultTraps: Traps = {
  restrictionListSize: 200,
  indexLagMs: 0,
  anonymousDowngrade: false,
  peopleNextLinks: true,
  captchaAfter: 3,
  spaceListSize: 50,
  remoteApi: 'enabled',
}

export interface SandboxContext {
  readonly world: World
  readonly traps: Traps
  readonly search: Search
  /** Scheme, host and port of the site, no slash at the end. */
  readonly origin: string
  /** Path under which Confluence lives: `/wiki` on Cloud, anything or nothing on Data Center. No slash at the end. */
  readonly contextPath: string
  /** Origin of the gateway that Cloud's scoped tokens have to use. */
  readonly gatewayUrl: string
  /** Origin that attachment downloads are redirected to on Cloud. */
  readonly mediaUrl: string
  /** Data Center's version: `10.0.3`. */
  readonly version: string
}

/** How a flavour adds its routes, sign-in included, to the site's server. */
export type RegisterFlavour = (app: FastifyInstance, context: SandboxContext) => void

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller and what they may do; decisions are remembered for the length of the request. Set by the sign-in hook. */
    viewer: Viewer
  }
}
