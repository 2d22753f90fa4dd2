/**
 * Workflows: set up, changed, run.
 *
 * @module
 */

import { z } from 'zod'
import { mostUploadBytes, mostUploads } from '../../platform/upload-files.ts'
import { workspaceOf } from '../auth.ts'
import type { Routes } from '../context.ts'
import { readForm } from '../forms.ts'
import { Deleted } from '../wire/connectors.ts'
import { responses } from '../wire/errors.ts'
import { RunWorkflow } from '../wire/forms.ts'
import { JobInformation, jobToWire } from '../wire/jobs.ts'
import { count, flag, given, limit, time } from '../wire/lenient.ts'
import {
  CreateWorkflow,
  changeFromWire,
  newWorkflowFromWire,
  UpdateWorkflow,
  WorkflowInformation,
  workflowToWire,
} from '../wire/workflows.ts'

const tags = ['workflows']
const params = z.object({ workflow_id: z.string() })

const Filter = z.object({
  created_before: time.optional(),
  created_since: time.optional(),
  dag_node_configuration_id: z.string().optional().meta({ description: 'Id of a step.' }),
  destination_id: z.string().optional(),
  source_id: z.string().optional(),
  name: z.string().optional().meta({ description: 'A part of it.' }),
  page: count.optional().meta({ description: 'Default 1.' }),
  page_size: limit.optional().meta({ description: 'Default 20.' }),
  show_only_soft_deleted: flag.optional(),
  show_recommender_workflows: flag.optional().meta({ description: 'There are none.' }),
  sort_by: z.enum(['id', 'name', 'created_at', 'updated_at', 'status']).optional(),
  sort_direction: z.enum(['asc', 'desc']).optional(),
  status: z.enum(['active', 'inactive']).optional(),
})

const filterFromWire = (query: z.output<typeof Filter>) =>
  given({
    createdBefore: query.created_before,
    createdSince: query.created_since,
    nodeId: query.dag_node_configuration_id,
    destinationId: query.destination_id,
    sourceId: query.source_id,
    name: query.name,
    page: query.page,
    pageSize: query.page_size,
    onlyDeleted: query.show_only_soft_deleted,
    sortBy: query.sort_by,
    sortDirection: query.sort_direction,
    state: query.status,
  })

export const workflowRoutes: Routes = (server, { platform: { workflows, jobs } }) => {
  server.get('/workflows/', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'list_workflows',
      summary: 'A page of workflows',
      querystring: Filter,
      response: responses({ 200: z.array(WorkflowInformation) }),
    },
    handler: async (request) =>
      (await workflows.list(workspaceOf(request), filterFromWire(request.query))).map(workflowToWire),
  })

  server.post('/workflows/', {
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'create_workflow',
      summary: 'Set up a workflow',
      body: CreateWorkflow,
      response: responses({ 200: WorkflowInformation }, 404, 409, 412, 413),
    },
    handler: async (request) =>
      workflowToWire(await workflows.create(workspaceOf(request), newWorkflowFromWire(request.body))),
  })

  server.get('/workflows/:workflow_id', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_workflow',
      summary: 'One workflow',
      params,
      response: responses({ 200: WorkflowInformation }, 404),
    },
    handler: async (request) =>
      workflowToWire(await workflows.get(workspaceOf(request), request.params.workflow_id)),
  })

  server.put('/workflows/:workflow_id', {
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'update_workflow',
      summary: 'Change a workflow; what is left out stays',
      params,
      body: UpdateWorkflow,
      response: responses({ 200: WorkflowInformation }, 404, 409, 412, 413),
    },
    handler: async (request) => {
      const change = changeFromWire(request.body)
      return workflowToWire(await workflows.update(workspaceOf(request), request.params.workflow_id, change))
    },
  })

  server.delete('/workflows/:workflow_id', {
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'delete_workflow',
      summary: 'Remove a workflow; stops its job, ends its schedule',
      params,
      response: responses({ 200: Deleted }, 404, 409),
    },
    handler: async (request) => {
      const id = request.params.workflow_id
      await workflows.delete(workspaceOf(request), id)
      return { detail: `Workflow with id ${id} successfully deleted.` }
    },
  })

  server.post('/workflows/:workflow_id/run', {
    config: { scope: 'run' },
    preValidation: readForm({ files: mostUploads, bytes: mostUploadBytes, name: 'input_files' }),
    schema: {
      tags,
      operationId: 'run_workflow',
      summary: 'Run it now; the job that is active, if one is',
      consumes: ['multipart/form-data'],
      params,
      body: RunWorkflow,
      response: responses({ 202: JobInformation }, 404, 409, 412, 413),
    },
    handler: async (request, reply) => {
      const uploads = request.body?.input_files
      const job = await jobs.run(workspaceOf(request), request.params.workflow_id, given({ uploads }))
      return reply.code(202).send(jobToWire(job))
    },
  })
}
