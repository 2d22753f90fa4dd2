/**
 * The v1 routes that Cloud has removed: each answers 410.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import { Problem } from '../../problem.ts'

/** Relative to `/rest/api`. */
export const removedRoutes: readonly { readonly method: 'GET' | 'POST'; readonly url: string }[] = [
  { method: 'GET', url: '/content' },
  { method: 'GET', url: '/content/:id' },
  { method: 'GET', url: '/content/:id/child' },
  { method: 'GET', url: '/content/:id/child/:type' },
  { method: 'GET', url: '/content/:id/history' },
  { method: 'GET', url: '/content/:id/label' },
  { method: 'GET', url: '/content/:id/property' },
  { method: 'GET', url: '/content/:id/property/:key' },
  { method: 'GET', url: '/content/:id/version' },
  { method: 'GET', url: '/content/:id/version/:number' },
  { method: 'GET', url: '/group/:name/member' },
  { method: 'GET', url: '/group/by-name' },
  { method: 'GET', url: '/group/member' },
  { method: 'GET', url: '/space' },
  { method: 'GET', url: '/space/:key' },
  { method: 'GET', url: '/space/:key/content' },
  { method: 'GET', url: '/space/:key/content/:type' },
  { method: 'GET', url: '/space/:key/property' },
  { method: 'POST', url: '/contentbody/convert/:to' },
]

export function addRemoved(app: FastifyInstance): void {
  for (const { method, url } of removedRoutes)
    app.route({
      method,
      url,
      handler: () => {
        throw gone()
      },
    })
}

const gone = () =>
  new Problem(
    410,
    'GONE',
    'com.atlassian.confluence.api.service.exceptions.GoneException: This deprecated endpoint has been removed.',
  )
