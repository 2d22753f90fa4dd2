/**
 * A known path with another method is told apart from a path that there is not.
 *
 * @module
 */

import { OutflowError } from '../model/errors.ts'
import type { Door } from './context.ts'

/**
 * Notes every route that is registered from now on.
 *
 * @returns registers, for every path, an answer to the methods that it does not have; to be called last
 */
export function noteMethods(server: Door): () => void {
  const known = new Map<string, Set<string>>()
  server.addHook('onRoute', ({ url, method }) => {
    const methods = known.get(url) ?? new Set()
    for (const each of [method].flat()) methods.add(each)
    known.set(url, methods)
  })
  return () => {
    const paths = [...known].filter(([url]) => !url.includes('*'))
    for (const [url, methods] of paths) refuseOthers(server, url, [...methods])
  }
}

function refuseOthers(server: Door, url: string, known: readonly string[]): void {
  server.route({
    url,
    method: server.supportedMethods.filter((method) => !known.includes(method)),
    schema: { hide: true },
    handler: async ({ method }, reply) => {
      void reply.header('allow', known.join(', '))
      throw notAllowed(method, known)
    },
  })
}

const notAllowed = (method: string, known: readonly string[]) =>
  new OutflowError({
    kind: 'config',
    code: 'request.method_not_allowed',
    message: `This path does not know ${method}.`,
    fix: `It knows ${known.join(', ')}.`,
  })
