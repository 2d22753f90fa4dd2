/**
 * What somebody wants a workflow to be, checked and completed.
 *
 * @module
 */

import type { FieldProblem } from '../model/errors.ts'
import type { Records } from '../store/records.ts'
import type { StoredWorkflow } from '../store/workflows.ts'
import { validateNodes } from './nodes.ts'
import {
  type ConnectorRole,
  type NewNode,
  type NewWorkflow,
  type WorkflowChange,
  type WorkflowNode,
  type WorkflowType,
  workflowTypes,
} from './platform.ts'
import { readSchedule } from './schedule-words.ts'
import { createTemplates } from './templates.ts'
import { invalidWorkflow } from './workflow-problems.ts'

/** Ready to be written down. */
export type Draft = Omit<
  StoredWorkflow,
  'id' | 'workspace' | 'ephemeral' | 'createdAt' | 'updatedAt' | 'deletedAt'
>

/**
 * Connectors that it names are locked, so that they stay until it is written down.
 *
 * @param records of the transaction that writes it down
 * @throws {OutflowError} `config`: codes `workflow.invalid`, `workflow.step_not_built`
 */
export function newWorkflow(records: Records, workspace: string, wanted: NewWorkflow): Promise<Draft> {
  return drafted(records, workspace, undefined, wanted)
}

/** @throws as `newWorkflow` */
export function changedWorkflow(
  records: Records,
  workspace: string,
  current: StoredWorkflow,
  change: WorkflowChange,
): Promise<Draft> {
  return drafted(records, workspace, current, change)
}

async function drafted(
  records: Records,
  workspace: string,
  current: StoredWorkflow | undefined,
  wanted: WorkflowChange,
): Promise<Draft> {
  const problems: FieldProblem[] = []
  const connectors = (role: ConnectorRole, named: readonly string[]) =>
    connectorIds(records, { workspace, role }, named, problems)
  const sources = wanted.sources ? await connectors('source', wanted.sources) : (current?.sources ?? [])
  const destinations = wanted.destinations
    ? await connectors('destination', wanted.destinations)
    : (current?.destinations ?? [])
  const name = wanted.name ?? current?.name ?? ''
  const key = wanted.key ?? current?.key
  const schedule = scheduleOf(wanted.schedule, current?.schedule, problems)
  problems.push(...nameProblems(name), ...keyProblems(key))
  if (schedule !== undefined) problems.push(...scheduleProblems(sources, destinations))
  const steps = stepsOf(wanted, current, problems)
  return {
    ...(key !== undefined && { key }),
    name,
    state: wanted.state ?? current?.state ?? 'active',
    sources,
    destinations,
    ...steps,
    nodes: checkedNodes(steps.nodes, current, problems),
    ...(schedule !== undefined && { schedule }),
    reprocessAll: wanted.reprocessAll ?? current?.reprocessAll ?? false,
  }
}

/** Their ids, each once. What is not there becomes a problem. */
async function connectorIds(
  records: Records,
  owner: { readonly workspace: string; readonly role: ConnectorRole },
  named: readonly string[],
  problems: FieldProblem[],
): Promise<readonly string[]> {
  const ids = new Set<string>()
  for (const idOrKey of named) {
    const connector = await records.connectors.find(owner, idOrKey, { lock: true })
    if (connector) ids.add(connector.id)
    else
      problems.push({
        field: `${owner.role}_id`,
        message: `There is no ${owner.role} with the id or key "${idOrKey.slice(0, 100)}".`,
      })
  }
  return [...ids]
}

function nameProblems(name: string): FieldProblem[] {
  return name.trim() === '' || name.length > 255
    ? [{ field: 'name', message: 'Between 1 and 255 characters.' }]
    : []
}

function keyProblems(key: string | undefined): FieldProblem[] {
  if (key === undefined || (/^[a-z0-9](?:-?[a-z0-9])*$/.test(key) && key.length <= 63)) return []
  const message = 'Between 1 and 63 lower-case letters, digits, and single dashes between them.'
  return [{ field: 'key', message }]
}

/** The cron expression that counts from now on. */
function scheduleOf(
  wanted: string | null | undefined,
  current: string | undefined,
  problems: FieldProblem[],
): string | undefined {
  if (wanted === undefined || wanted === null) return wanted === null ? undefined : current
  const read = readSchedule(wanted)
  if ('cron' in read) return read.cron
  problems.push({ field: 'schedule', message: read.problem })
  return undefined
}

function scheduleProblems(sources: readonly string[], destinations: readonly string[]): FieldProblem[] {
  if (sources.length === 0)
    return [
      {
        field: 'schedule',
        message: 'A workflow without a source works on uploaded files, and cannot run by itself.',
      },
    ]
  return destinations.length === 0
    ? [{ field: 'destination_id', message: 'What runs by itself needs somewhere to put what it makes.' }]
    : []
}

interface Steps {
  readonly workflowType: WorkflowType
  readonly nodes: readonly NewNode[]
  readonly template?: string
}

/** What is done to documents: by a template, by nodes of its own, or by what stands for a type. */
function stepsOf(
  { workflowType, nodes, templateId }: WorkflowChange,
  current: StoredWorkflow | undefined,
  problems: FieldProblem[],
): Steps {
  if (templateId !== undefined) {
    if (nodes && nodes.length > 0)
      problems.push({ field: 'template_id', message: 'Give either template_id or workflow_nodes.' })
    return fromTemplate(templateId, problems)
  }
  const before = workflowTypes.find((type) => type === current?.workflowType)
  const type = workflowType ?? before ?? 'custom'
  if (nodes && nodes.length > 0) return { workflowType: type, nodes }
  if (current && !nodes && (type === 'custom' || type === before))
    return {
      workflowType: type,
      nodes: current.nodes,
      ...(current.template !== undefined && { template: current.template }),
    }
  if (type !== 'custom') return { workflowType: type, nodes: [partitioner(presets[type])] }
  const message = 'A custom workflow needs nodes, or a template_id: a partitioner at least.'
  problems.push({ field: 'workflow_nodes', message })
  return { workflowType: type, nodes: [] }
}

function fromTemplate(id: string, problems: FieldProblem[]): Steps {
  const { list } = createTemplates()
  const template = list().find((each) => each.id === id)
  if (!template)
    problems.push({
      field: 'template_id',
      message: `There is no such template. Known: ${list()
        .map((each) => each.id)
        .join(', ')}.`,
    })
  // The contract has no name for what comes from a template.
  return { workflowType: 'custom', nodes: template?.nodes ?? [], template: id }
}

/** What stands for each type that has no nodes of its own: one partitioner, by this strategy. */
const presets = { basic: 'fast', advanced: 'hi_res', platinum: 'auto' } as const

const partitioner = (strategy: string): NewNode => ({
  name: 'Partitioner',
  type: 'partition',
  subtype: 'unstructured_api',
  settings: { strategy },
})

/** What stays as it is has been checked before. @throws {OutflowError} with these problems and those of the nodes */
function checkedNodes(
  nodes: readonly NewNode[],
  current: StoredWorkflow | undefined,
  problems: readonly FieldProblem[],
): readonly WorkflowNode[] {
  const stays = current && nodes === current.nodes
  // Without nodes, why there are none is among the problems.
  if (problems.length > 0 && (stays || nodes.length === 0)) throw invalidWorkflow(problems)
  return stays ? current.nodes : validateNodes(nodes, problems)
}
