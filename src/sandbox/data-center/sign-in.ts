/**
 * Signing in to Data Center: user name and password, from 7.9 on personal access tokens too, or nobody at all. After too many
 * wrong passwords of one user a CAPTCHA is asked for, which no program can solve: from then on even the right password fails.
 *
 * @module
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SandboxContext } from '../context.ts'
import { Problem } from '../problem.ts'
import { addSignIn, type Credentials, readCredentials } from '../sign-in.ts'
import type { User } from '../world.ts'
import type { Capabilities } from './capabilities.ts'

interface SignIn extends Pick<SandboxContext, 'world' | 'traps' | 'origin' | 'contextPath'> {
  readonly capabilities: Capabilities
}

export function addDataCenterSignIn(app: FastifyInstance, site: SignIn): void {
  const { world, traps, capabilities } = site
  const failures = new Map<string, number>()
  const locked = (name: string) => (failures.get(name) ?? 0) >= traps.captchaAfter

  const byPassword = (name: string, password: string): User | undefined => {
    if (locked(name)) return undefined
    const user = world.users.find((one) => one.username === name && one.password === password)
    if (user === undefined) failures.set(name, (failures.get(name) ?? 0) + 1)
    else failures.delete(name)
    return user
  }

  const userOf = (credentials: Credentials): User | undefined => {
    if (credentials.type === 'basic') return byPassword(credentials.name, credentials.secret)
    if (credentials.type !== 'bearer') return undefined
    return world.users.find((one) => one.personalAccessToken === credentials.token)
  }

  if (!capabilities.personalAccessTokens) ignoreTokens(app)
  addSignIn(app, site, {
    user: userOf,
    anonymous: true,
    refusal: (request) => refusal(site, locked(nameOf(request))),
  })
  app.addHook('onSend', tellWho)
}

/** Before 7.9 nobody looks at a bearer token: the request goes on as that of an anonymous visitor. */
function ignoreTokens(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (readCredentials(request.headers.authorization).type === 'bearer') delete request.headers.authorization
  })
}

function nameOf(request: FastifyRequest): string {
  const credentials = readCredentials(request.headers.authorization)
  return credentials.type === 'basic' ? credentials.name : ''
}

function refusal({ origin, contextPath }: SignIn, captcha: boolean): Problem {
  const reason = captcha ? 'AUTHENTICATION_DENIED' : 'AUTHENTICATED_FAILED'
  const why = captcha
    ? 'Basic Authentication Failure - Reason : AUTHENTICATION_DENIED'
    : 'Basic Authentication Failure - Reason : AUTHENTICATED_FAILED'
  const page = `<!doctype html><html><head><title>Unauthorized (401)</title></head><body><h1>Unauthorized (401)</h1><p>${why}</p></body></html>`
  return new Problem(401, 'UNAUTHORIZED', page, {
    'content-type': 'text/html;charset=UTF-8',
    'x-seraph-loginreason': reason,
    'www-authenticate': `OAuth realm="${encodeURIComponent(`${origin}${contextPath}`)}"`,
  })
}

/** Data Center names the caller on every answer. */
async function tellWho(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (request.viewer === undefined) return payload
  const { user } = request.viewer
  reply.header('x-ausername', encodeURIComponent(user?.username ?? 'anonymous'))
  if (user !== undefined) reply.header('x-seraph-loginreason', 'OK')
  return payload
}
