/**
 * How the plugins of a job come to be: its connectors with their secrets, or the files that came with it.
 *
 * @module
 */

import type { PluginContext } from '../../kit/define.ts'
import type { Store } from '../../store/index.ts'
import type { JobRow } from '../../store/jobs.ts'
import { stepsOf } from '../nodes.ts'
import { openDestinationOf, openSourceOf } from '../open-connector.ts'
import type { Connectors, WorkflowNode } from '../platform.ts'
import { createOutputsDestination, createUploadsSource } from '../uploads.ts'
import type { Openings } from './routes.ts'

interface OpeningsOptions {
  readonly store: Store
  readonly connectors: Connectors
  readonly context: PluginContext
}

export function createOpenings({ store, connectors, context }: OpeningsOptions): Openings {
  const files = store.records.jobFiles
  const nodesOf = ({ plan }: JobRow) => plan.nodes as readonly WorkflowNode[]
  return {
    source: async (job, connector) =>
      connector === undefined
        ? createUploadsSource({ job: job.id, files })
        : openSourceOf(await connectors.settingsOf(job.workspace, connector), context),
    steps: (job) => stepsOf(nodesOf(job)),
    destination: async (job, connector) =>
      connector === undefined
        ? createOutputsDestination({ job: job.id, files, node: nodesOf(job).at(-1)?.id ?? '' })
        : openDestinationOf(await connectors.settingsOf(job.workspace, connector), context),
  }
}
