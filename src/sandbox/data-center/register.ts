/**
 * Confluence Data Center: its routes, its sign-in and its errors, for any version from 7.4 to 10 and under any context path.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { SandboxContext } from '../context.ts'
import { capabilitiesOf } from './capabilities.ts'
import { addContent } from './content-routes.ts'
import { addPeople } from './people-routes.ts'
import { answerProblems, noSuchRoute } from './problem.ts'
import { addRestrictions } from './restriction-routes.ts'
import { addScan } from './scan-routes.ts'
import { addSearch } from './search-routes.ts'
import { addServer } from './server-routes.ts'
import { addDataCenterSignIn } from './sign-in.ts'
import type { DataCenterSite } from './site.ts'
import { addSpaces } from './space-routes.ts'
import { dataCenterWorld } from './world.ts'

/**
 * Adds a Data Center to a server. The world is served as Data Center can hold it (`world.ts`).
 *
 * @throws {OutflowError} `sandbox.version.unknown`
 */
export function registerDataCenter(app: FastifyInstance, context: SandboxContext): void {
  const site: DataCenterSite = {
    ...context,
    world: dataCenterWorld(context.world),
    capabilities: capabilitiesOf(context.version),
    base: `${context.origin}${context.contextPath}`,
  }
  const routes = async (scope: FastifyInstance) => {
    answerProblems(scope)
    addDataCenterSignIn(scope, site)
    addScan(scope, site)
    addSearch(scope, site)
    addContent(scope, site)
    addRestrictions(scope, site)
    addSpaces(scope, site)
    addPeople(scope, site)
    addServer(scope, site)
  }
  if (context.contextPath !== '') app.setNotFoundHandler(noSuchRoute)
  app.register(routes, { prefix: context.contextPath })
}
