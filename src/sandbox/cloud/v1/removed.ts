/**
 * The v1 routes that Cloud has removed: each answers 410.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import { Problem } from '../../problem.ts'

const removed: readonly string[] = [
  '/content',
  '/content/:id',
  '/content/:id/child',
  '/content/:id/child/:type',
  '/content/:id/child/comment',
  '/content/:id/child/page',
  '/content/:id/comment',
  '/content/:id/history',
  '/content/:id/label',
  '/content/:id/property',
  '/content/:id/property/:key',
  '/content/:id/version',
  '/content/:id/version/:number',
  '/group/:name/member',
  '/group/by-name',
  '/group/member',
  '/space',
  '/space/:key',
  '/space/:key/content',
  '/space/:key/content/:type',
  '/space/:key/property',
]

export function addRemoved(app: FastifyInstance): void {
  for (const url of removed)
    app.get(url, () => {
      throw gone()
    })
  app.post('/contentbody/convert/:to', () => {
    throw gone()
  })
}

const gone = () =>
  new Problem(
    410,
    'GONE',
    'com.atlassian.confluence.api.service.exceptions.GoneException: This deprecated endpoint has been removed.',
  )
