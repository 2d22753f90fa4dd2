/**
 * The sandbox invents nothing: each of its Cloud routes stands in Atlassian's OpenAPI documents, and each that it says was removed
 * stands there no more.
 */

import { fastify } from 'fastify'
import { describe, expect, it } from 'vitest'
import { registerCloud } from '../../src/sandbox/cloud/cloud.ts'
import { removedRoutes } from '../../src/sandbox/cloud/v1/removed.ts'
import { defaultTraps } from '../../src/sandbox/context.ts'
import { memoryWorld } from '../../src/sandbox/index.ts'
import { createSearch } from '../../src/sandbox/search.ts'
import { documentsFolder, readDocuments, undocumented } from '../support/openapi.ts'

const folder = documentsFolder()

interface Route {
  readonly method: string
  readonly path: string
}

/** Every route, with `1` in place of its parameters. */
async function routesOf(): Promise<Route[]> {
  const world = memoryWorld()
  const routes: Route[] = []
  const app = fastify()
  app.addHook('onRoute', ({ method, url }) => {
    if (method !== 'HEAD') routes.push({ method: String(method), path: withOnes(url) })
  })
  registerCloud(app, {
    world,
    traps: defaultTraps,
    search: createSearch(world, 0),
    origin: 'http://site',
    contextPath: '/wiki',
    gatewayUrl: 'http://gateway',
    mediaUrl: 'http://media',
    version: '',
  })
  await app.ready()
  await app.close()
  return routes.filter(({ path }) => path !== '*')
}

const withOnes = (url: string) => url.replaceAll(/:\w+/g, '1')

const unknownTo = (routes: readonly Route[]) =>
  undocumented({
    requests: routes.map((route) => ({ ...route, query: [], status: 200, bytes: 0, origin: 'site' })),
    documents: readDocuments(folder!, 'cloud'),
    flavour: 'cloud',
  })

describe.skipIf(folder === undefined)('the routes of the sandbox’s Cloud', async () => {
  const routes = folder === undefined ? [] : await routesOf()

  it('are Atlassian’s, but for those that were removed and answer so', () => {
    const removed = removedRoutes.map(({ method, url }) => `${method} /wiki/rest/api${withOnes(url)}`)
    const refused = ['GET /wiki/download/attachments/*', ...removed]
    const lines = unknownTo(routes).map((line) => line.replace(/ is in no document$/, ''))
    expect(routes.length - lines.length).toBeGreaterThan(70)
    expect(lines.sort()).toEqual(refused.sort())
  })
})
