/**
 * All modules of routes.
 *
 * @module
 */

import type { Routes } from '../context.ts'
import { channelRoutes, workflowChannelRoutes } from './channels.ts'
import { connectorTypeRoutes } from './connector-types.ts'
import { destinationRoutes, sourceRoutes } from './connectors.ts'
import { documentRoutes } from './documents.ts'
import { explorerRoutes } from './explorer.ts'
import { generalRoutes } from './general.ts'
import { healthRoutes } from './health.ts'
import { jobRoutes } from './jobs.ts'
import { notificationRoutes } from './notifications.ts'
import { templateRoutes } from './templates.ts'
import { workflowRoutes } from './workflows.ts'

/** Below `/api/v1`. */
export const apiRoutes: readonly Routes[] = [
  sourceRoutes,
  destinationRoutes,
  workflowRoutes,
  jobRoutes,
  templateRoutes,
  documentRoutes,
  explorerRoutes,
  connectorTypeRoutes,
  channelRoutes,
  workflowChannelRoutes,
  notificationRoutes,
]

/** At the root. */
export const rootRoutes: readonly Routes[] = [generalRoutes, healthRoutes]
