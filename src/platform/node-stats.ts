/**
 * How far documents have come, node by node, from what is counted of a job.
 *
 * @module
 */

import type { Stage } from '../model/events.ts'
import { activeStates, type Job, type NodeStats, type WorkflowNode } from './platform.ts'

/** The stages that each type of node stands for. */
const stagesOf: Readonly<Record<string, readonly Stage[]>> = {
  partition: ['index', 'download', 'partition'],
  prompter: ['enrich'],
  structured_data_extractor: ['enrich'],
  chunk: ['chunk'],
  embed: ['embed'],
}

/**
 * What failed at a node does not reach the next one; what the destination did not take has come through all of them. What stayed as it was
 * went through none.
 *
 * @param failures documents that failed, by stage
 */
export function nodeStats(job: Job, failures: Readonly<Record<string, number>>): readonly NodeStats[] {
  const { nodes, coverage, state } = job
  const { found = 0, done = 0, access_changed = 0, unchanged = 0, skipped = 0 } = coverage ?? {}
  const { not_permitted = 0, unsupported = 0, failed = 0 } = coverage ?? {}
  const settled = done + access_changed + unchanged + skipped + not_permitted + unsupported + failed
  const isActive = activeStates.includes(state)
  const onTheWay = isActive ? Math.max(found - settled, 0) : 0
  const failedAt = (node: WorkflowNode) =>
    (stagesOf[node.type] ?? []).reduce((sum, stage) => sum + (failures[stage] ?? 0), 0)
  const upload = failures.upload ?? 0
  return nodes.map((node, place) => {
    const later = nodes.slice(place + 1).reduce((sum, each) => sum + failedAt(each), 0)
    const isFirst = place === 0
    return {
      node,
      ready: 0,
      inProgress: isFirst ? onTheWay : 0,
      success: done + later + upload,
      failure: failedAt(node) + (isFirst ? not_permitted + unsupported : 0),
    }
  })
}
