/**
 * Who calls, and whether this key may. Runs before a body is read.
 *
 * @module
 */

import type { FastifyRequest } from 'fastify'
import { OutflowError } from '../model/errors.ts'
import { type Caller, type Keys, type Scope, scopes } from '../platform/platform.ts'
import type { Door } from './context.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key needs for this route; without it, the route needs no key. */
    readonly scope?: Scope
  }
  interface FastifyRequest {
    /** Set for every route with a scope. */
    caller: Caller | undefined
  }
}

/** Asks for a key on every route that has a scope. @throws {OutflowError} `credentials`; `permission`, code `key.scope_missing` */
export function requireKeys(server: Door, keys: Keys): void {
  server.decorateRequest('caller', undefined)
  server.addHook('onRequest', async (request) => {
    const { scope } = request.routeOptions.config
    if (scope === undefined) return
    request.caller = await keys.identify(keyOf(request))
    if (!isIncluded(scope, request.caller)) throw scopeMissing(scope, request.caller)
  })
}

/** The workspace that the request's key belongs to. */
export function workspaceOf(request: FastifyRequest): string {
  if (!request.caller) throw new Error(`The route ${request.routeOptions.url} has no scope.`)
  return request.caller.workspace
}

/** Each scope includes those before it. */
const isIncluded = (wanted: Scope, { scopes: held }: Caller) =>
  scopes.slice(scopes.indexOf(wanted)).some((scope) => held.includes(scope))

function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['unstructured-api-key']
  if (typeof key === 'string') return key
  return /^Bearer +(.*)$/i.exec(headers.authorization ?? '')?.[1]
}

const scopeMissing = (scope: Scope, { scopes: held }: Caller) =>
  new OutflowError({
    kind: 'permission',
    code: 'key.scope_missing',
    message: `This key may ${held.join(', ')}; what was asked for needs "${scope}".`,
    fix: `Use a key with the scope "${scope}": \`outflow keys create --scope ${scope}\`.`,
  })
