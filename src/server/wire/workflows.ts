/**
 * Workflows, their steps and templates on the wire.
 *
 * @module
 */

import { z } from 'zod'
import {
  type NewNode,
  type NewWorkflow,
  type Template,
  type WorkflowChange,
  type WorkflowNode,
  type WorkflowRecord,
  workflowTypes,
} from '../../platform/platform.ts'
import { Key } from './connectors.ts'
import { flag, given } from './lenient.ts'

const settings = z.record(z.string(), z.unknown()).nullable()

export const NodeInput = z
  .object({
    name: z.string(),
    type: z.string().meta({ description: 'partition, prompter, chunk, embed, structured_data_extractor' }),
    subtype: z.string(),
    id: z.string().nullish(),
    settings: settings.optional(),
  })
  .meta({ id: 'WorkflowNode' })

export const Node = z
  .object({ id: z.string(), name: z.string(), type: z.string(), subtype: z.string(), settings })
  .meta({ id: 'WorkflowNodeInformation' })

const Schedule = z.object({ crontab_entries: z.array(z.object({ cron_expression: z.string() })) })

const fields = {
  source_id: z.string().nullish().meta({ description: 'Id or key.' }),
  destination_id: z.string().nullish().meta({ description: 'Id or key.' }),
  sources: z.array(z.string()).nullish().meta({ description: 'Several, in place of source_id.' }),
  destinations: z.array(z.string()).nullish().meta({ description: 'Several, in place of destination_id.' }),
  workflow_nodes: z.array(NodeInput).nullish(),
  template_id: z.string().nullish(),
  schedule: z.union([z.string(), Schedule]).nullish().meta({
    description:
      'every 15 minutes, every hour, every 2 (4, 6, 8, 10, 12) hours, daily, weekly, monthly; or a cron expression of five fields, in UTC.',
  }),
  reprocess_all: flag.nullish(),
  key: Key.nullish(),
}

export const CreateWorkflow = z
  .object({ name: z.string().min(1), workflow_type: z.enum(workflowTypes), ...fields })
  .meta({ id: 'CreateWorkflow' })

export const UpdateWorkflow = z
  .object({
    name: z.string().min(1).nullish(),
    workflow_type: z.enum(workflowTypes).nullish(),
    ...fields,
    state: z.enum(['active', 'inactive']).nullish(),
  })
  .meta({ id: 'UpdateWorkflow' })

export const WorkflowInformation = z
  .object({
    id: z.string(),
    name: z.string(),
    sources: z.array(z.string()),
    destinations: z.array(z.string()),
    workflow_nodes: z.array(Node),
    status: z.enum(['active', 'inactive']),
    workflow_type: z.enum(workflowTypes),
    schedule: Schedule.meta({ description: 'Without entries: runs when it is told to.' }),
    reprocess_all: z.boolean(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime().optional(),
    key: z.string().optional(),
  })
  .meta({ id: 'WorkflowInformation' })

const listed = {
  id: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.string(),
  last_updated: z.string(),
}

export const TemplateListItem = z.object(listed).meta({ id: 'TemplateListItem' })

export const TemplateDetail = z.object({ ...listed, nodes: z.array(Node) }).meta({ id: 'TemplateDetail' })

/** What create and update have in common. */
function settingsFromWire(body: z.output<typeof UpdateWorkflow>) {
  return {
    ...given({
      sources: body.sources ?? (body.source_id ? [body.source_id] : undefined),
      destinations: body.destinations ?? (body.destination_id ? [body.destination_id] : undefined),
      nodes: body.workflow_nodes?.map(nodeFromWire),
      templateId: body.template_id,
      reprocessAll: body.reprocess_all,
      key: body.key,
    }),
    // Nothing in its place ends a schedule.
    ...(body.schedule !== undefined && { schedule: scheduleFromWire(body.schedule) }),
  }
}

export const newWorkflowFromWire = (body: z.output<typeof CreateWorkflow>): NewWorkflow => ({
  name: body.name,
  workflowType: body.workflow_type,
  ...settingsFromWire(body),
})

export const changeFromWire = (body: z.output<typeof UpdateWorkflow>): WorkflowChange => ({
  ...given({ name: body.name, workflowType: body.workflow_type, state: body.state }),
  ...settingsFromWire(body),
})

export const nodeFromWire = ({ name, type, subtype, id, settings }: z.output<typeof NodeInput>): NewNode => ({
  name,
  type,
  subtype,
  ...(id !== undefined && { id }),
  ...(settings !== undefined && { settings }),
})

/** As it is sent, or as it was answered; people send back what they got. */
function scheduleFromWire(schedule: string | z.output<typeof Schedule> | null): string | null {
  if (schedule === null || typeof schedule === 'string') return schedule
  return schedule.crontab_entries[0]?.cron_expression ?? null
}

const nodeToWire = ({ id, name, type, subtype, settings }: WorkflowNode): z.output<typeof Node> => ({
  id,
  name,
  type,
  subtype,
  settings,
})

export function workflowToWire(workflow: WorkflowRecord): z.output<typeof WorkflowInformation> {
  const { schedule } = workflow
  return {
    id: workflow.id,
    name: workflow.name,
    sources: [...workflow.sources],
    destinations: [...workflow.destinations],
    workflow_nodes: workflow.nodes.map(nodeToWire),
    status: workflow.state,
    workflow_type: workflow.workflowType,
    schedule: { crontab_entries: schedule === undefined ? [] : [{ cron_expression: schedule }] },
    reprocess_all: workflow.reprocessAll,
    created_at: workflow.createdAt.toISOString(),
    ...given({ updated_at: workflow.updatedAt?.toISOString(), key: workflow.key }),
  }
}

export const templateToWire = (template: Template): z.output<typeof TemplateListItem> => ({
  id: template.id,
  name: template.name,
  description: template.description,
  version: template.version,
  last_updated: template.lastUpdated,
})

export const templateDetailToWire = (template: Template): z.output<typeof TemplateDetail> => ({
  ...templateToWire(template),
  nodes: template.nodes.map(nodeToWire),
})
