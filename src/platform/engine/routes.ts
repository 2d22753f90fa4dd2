/**
 * The ways through a workflow: from each of its sources to each of its destinations. A way is what the pipeline calls a workflow, opened.
 *
 * @module
 */

import type { Destination, Source, Step } from '../../model/contracts.ts'
import type { Memory } from '../../pipeline/books.ts'
import type { Workflow } from '../../pipeline/plan.ts'
import type { Store } from '../../store/index.ts'
import type { JobRow } from '../../store/jobs.ts'
import type { Activity } from '../activity.ts'

/** How plugins come to be, given what was set up. */
export interface Openings {
  /** @param connector id of a connector; absent: the job's uploaded files */
  source(job: JobRow, connector: string | undefined): Promise<Source>
  steps(job: JobRow): Promise<readonly Step[]>
  /** @param connector absent: outputs are kept with the job */
  destination(job: JobRow, connector: string | undefined): Promise<Destination>
}

interface Route {
  readonly source: string | undefined
  readonly destination: string | undefined
}

/** In an order that stays. */
export function routesOf({ plan }: JobRow): readonly Route[] {
  const sources = plan.sources.length > 0 ? plan.sources : [undefined]
  const destinations = plan.destinations.length > 0 ? plan.destinations : [undefined]
  return sources.flatMap((source) => destinations.map((destination) => ({ source, destination })))
}

/** On whose behalf one way of a job is gone. */
export function activityOf(job: JobRow, place: number): Activity {
  const { source = 'upload' } = routesOf(job)[place]!
  return { job: job.id, workflow: job.workflow, source }
}

/** Opens the plugins of one way. Nothing is connected yet. @throws {OutflowError} kind `config`, `missing` */
export async function openRoute(
  openings: Openings,
  job: JobRow,
  { source, destination }: Route,
): Promise<Workflow> {
  return {
    source: await openings.source(job, source),
    steps: await openings.steps(job),
    destination: await openings.destination(job, destination),
  }
}

/** Whose memory it is, by its name; `undefined`: none of the platform's. */
export function routeOfMemory(
  name: string,
): { readonly workflow: string; readonly source: string } | undefined {
  const [, workflow, source] = /^([\da-f-]{36}) (\S+) → /.exec(name) ?? []
  return workflow !== undefined && source !== undefined ? { workflow, source } : undefined
}

/**
 * What is remembered of a way is kept under the workflow's id first, by which `documents.ts` finds it; then the source, so that what another
 * one brings to the same place is none of its own; then the place.
 */
export function memoryOfRoute(
  { ledger }: Store,
  job: JobRow,
  { source = 'upload' }: Route,
  destination: Destination,
): Memory {
  const place = destination.identity ?? destination.name
  return { ledger, workflow: `${job.workflow} ${source} → ${place}` }
}
