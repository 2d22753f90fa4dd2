/**
 * Reading the `Authorization` header and finding the person behind it; what each flavour then accepts is its own business.
 *
 * @module
 */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { viewerOf } from './access.ts'
import type { SandboxContext } from './context.ts'
import type { Problem } from './problem.ts'
import type { User } from './world.ts'

export type Credentials =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly name: string; readonly secret: string }
  | { readonly type: 'bearer'; readonly token: string }
  /** A header that is none of these. */
  | { readonly type: 'unreadable' }

export function readCredentials(authorization: string | undefined): Credentials {
  if (authorization === undefined) return { type: 'none' }
  const [, scheme, value] = /^(\w+)\s+(.+)$/.exec(authorization) ?? []
  if (scheme?.toLowerCase() === 'bearer') return { type: 'bearer', token: value! }
  if (scheme?.toLowerCase() !== 'basic') return { type: 'unreadable' }
  const decoded = Buffer.from(value!, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon < 0) return { type: 'unreadable' }
  return { type: 'basic', name: decoded.slice(0, colon), secret: decoded.slice(colon + 1) }
}

export interface SignInRules {
  /** The user these credentials belong to; undefined when they are wrong here. Never asked about `none`. */
  readonly user: (credentials: Credentials) => User | undefined
  /** Whether requests without credentials may go on as anonymous visitors. */
  readonly anonymous: boolean
  readonly refusal: (request: FastifyRequest) => Problem
}

/** Puts the caller on every request to the routes of this plugin. Disabled accounts are refused as wrong credentials are. */
export function addSignIn(
  app: FastifyInstance,
  { world, traps }: Pick<SandboxContext, 'world' | 'traps'>,
  rules: SignInRules,
): void {
  app.decorateRequest('viewer')
  app.addHook('onRequest', async (request) => {
    const credentials = readCredentials(request.headers.authorization)
    const user = credentials.type === 'none' ? undefined : rules.user(credentials)
    const asAnonymous =
      credentials.type === 'none' ? rules.anonymous : traps.anonymousDowngrade && world.anonymousAccess
    if (user?.active !== true && !asAnonymous) throw rules.refusal(request)
    request.viewer = viewerOf(world, user?.active === true ? user : undefined)
  })
}
