/**
 * Nodes of a workflow: checked as people write them, completed, and opened as steps.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import type { Step } from '../model/contracts.ts'
import { type FieldProblem, OutflowError } from '../model/errors.ts'
import { nearest } from '../util/nearest.ts'
import { nodeTypes } from './node-types/index.ts'
import type { NodeRole, NodeType } from './node-types/node-type.ts'
import type { NewNode, WorkflowNode } from './platform.ts'
import { invalidWorkflow } from './workflow-problems.ts'

/** More than any workflow has. */
const mostNodes = 50

/**
 * The nodes with ids and with all their settings.
 *
 * @param others what is wrong beside the nodes, to be told together with what is wrong in them
 * @throws {OutflowError} `config`: codes `workflow.invalid`, with the path of each fault (`workflow_nodes.1.settings.max_characters`), and
 *   `workflow.step_not_built` where everything is right and a node is not built yet
 */
export function validateNodes(
  nodes: readonly NewNode[],
  others: readonly FieldProblem[] = [],
): readonly WorkflowNode[] {
  const completed = completeNodes(nodes, others)
  const missing = completed.flatMap((node, index) =>
    typeOf(node)?.open ? [] : [{ field: `workflow_nodes.${index}`, message: 'Not built yet.', node }],
  )
  if (missing.length > 0) throw notBuilt(missing)
  return completed
}

/** The same for nodes that need not be built: a template may have such. @throws {OutflowError} code `workflow.invalid` */
export function completeNodes(
  nodes: readonly NewNode[],
  others: readonly FieldProblem[] = [],
): readonly WorkflowNode[] {
  if (nodes.length > mostNodes)
    throw invalidWorkflow([
      ...others,
      { field: 'workflow_nodes', message: `No more than ${mostNodes} nodes.` },
    ])
  const read = nodes.map((node) => readNode(straight(node)))
  const problems = [
    ...others,
    ...read.flatMap(({ problems }, index) =>
      problems.map(({ field, message }) => ({ field: at(index, field), message })),
    ),
    ...orderProblems(read.map(({ type }) => type?.role)),
    ...sharedIds(read.map(({ node }) => node.id)),
  ]
  if (problems.length > 0) throw invalidWorkflow(problems)
  return read.map(({ node }) => node)
}

/** Opens what `validateNodes` gave. Nothing is connected yet. @throws {OutflowError} code `workflow.step_not_built` */
export async function stepsOf(nodes: readonly WorkflowNode[]): Promise<Step[]> {
  const steps: Step[] = []
  for (const [index, node] of nodes.entries()) {
    const open = typeOf(node)?.open
    if (!open) throw notBuilt([{ field: `workflow_nodes.${index}`, message: 'Not built yet.', node }])
    steps.push(...(await open(node.settings ?? {})))
  }
  return steps
}

const at = (index: number, field: string) => `workflow_nodes.${index}${field === '' ? '' : `.${field}`}`

function typeOf({ type, subtype }: Pick<WorkflowNode, 'type' | 'subtype'>): NodeType | undefined {
  return nodeTypes.find((each) => each.type === type && each.subtype === subtype)
}

/** The reference's own documentation shows one node with type and subtype swapped. */
const straight = (node: NewNode): NewNode =>
  node.type === 'vlm' && node.subtype === 'partition' ? { ...node, type: 'partition', subtype: 'vlm' } : node

interface ReadNode {
  readonly node: WorkflowNode
  readonly type: NodeType | undefined
  /** By the node's own fields. */
  readonly problems: readonly FieldProblem[]
}

function readNode(given: NewNode): ReadNode {
  const { id, name, type: typeName, subtype, settings } = given
  const type = typeOf({ type: typeName, subtype })
  const answer = type?.read(settings ?? {})
  const problems = [
    ...nameProblems(given),
    ...(type ? [] : [unknownType(typeName, subtype)]),
    ...(answer && 'problems' in answer
      ? answer.problems.map(({ field, message }) => ({ field: `settings.${field}`, message }))
      : []),
  ]
  const completed = answer && 'settings' in answer ? answer.settings : (settings ?? null)
  const node = { id: id?.toLowerCase() ?? randomUUID(), name, type: typeName, subtype, settings: completed }
  return { node, type, problems }
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

function nameProblems({ id, name }: Pick<NewNode, 'id' | 'name'>): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (id !== undefined && id !== null && !uuid.test(id))
    problems.push({ field: 'id', message: 'A UUID, or nothing.' })
  if (name.trim() === '' || name.length > 255)
    problems.push({ field: 'name', message: 'Between 1 and 255 characters.' })
  return problems
}

function unknownType(type: string, subtype: string): FieldProblem {
  const ofType = nodeTypes.filter((each) => each.type === type).map((each) => each.subtype)
  return ofType.length > 0
    ? { field: 'subtype', message: notAmong(subtype, ofType, `subtype of ${type} nodes`) }
    : {
        field: 'type',
        message: notAmong(type, [...new Set(nodeTypes.map((each) => each.type))], 'type of nodes'),
      }
}

function notAmong(given: string, known: readonly string[], what: string): string {
  const meant = nearest(given, known)
  const question = meant === undefined ? '' : ` Did you mean ${meant}?`
  return `"${given.slice(0, 100)}" is no ${what}.${question} Known: ${known.join(', ')}.`
}

const order: readonly NodeRole[] = ['partition', 'enrich', 'chunk', 'embed', 'extract']
const called: Readonly<Record<NodeRole, string>> = {
  partition: 'partitioner',
  enrich: 'enrichment',
  chunk: 'chunker',
  embed: 'embedder',
  extract: 'extractor',
}

/** What stands where it may not. Of nodes that are not known, nothing is said. */
function orderProblems(roles: readonly (NodeRole | undefined)[]): FieldProblem[] {
  if (roles.length === 0)
    return [{ field: 'workflow_nodes', message: 'At least one node: a partitioner comes first.' }]
  const problems: FieldProblem[] = []
  for (const [index, role] of roles.entries()) {
    const problem = role && placeProblem(role, roles.slice(0, index))
    if (problem !== undefined) problems.push({ field: at(index, ''), message: problem })
  }
  return problems
}

function placeProblem(role: NodeRole, before: readonly (NodeRole | undefined)[]): string | undefined {
  const later = before.find((each) => each !== undefined && order.indexOf(each) > order.indexOf(role))
  if (later !== undefined) return `The ${called[role]} stands behind the ${called[later]}; it comes before.`
  if (role !== 'enrich' && before.includes(role))
    return `A second ${called[role]}; a workflow has no more than one.`
  // What is not known may be what is missed.
  if (before.includes(undefined)) return undefined
  if (role !== 'partition' && !before.includes('partition'))
    return `The ${called[role]} has nothing to work on; a partitioner comes first.`
  if (role === 'embed' && !before.includes('chunk'))
    return 'The embedder has no chunks to work on; a chunker comes before it.'
  return undefined
}

function sharedIds(ids: readonly string[]): FieldProblem[] {
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index
      ? [{ field: at(index, 'id'), message: `The node ${ids.indexOf(id)} has the same id.` }]
      : [],
  )
}

function notBuilt(
  missing: readonly (FieldProblem & { readonly node: Pick<WorkflowNode, 'name' | 'type' | 'subtype'> })[],
): OutflowError {
  const names = missing.map(({ node }) => `"${node.name}" (${node.type}, ${node.subtype})`)
  return new OutflowError({
    kind: 'config',
    code: 'workflow.step_not_built',
    message: `Outflow knows what these nodes are, and cannot run them yet: ${names.join(', ')}.`,
    fix: 'Leave them out; partition nodes run.',
    fields: missing.map(({ field, message }) => ({ field, message })),
  })
}
