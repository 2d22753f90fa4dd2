/**
 * Jobs: started, watched, stopped, tried again.
 *
 * @module
 */

import { z } from 'zod'
import { OutflowError } from '../../model/errors.ts'
import { mostUploadBytes, mostUploads } from '../../platform/upload-files.ts'
import { workspaceOf } from '../auth.ts'
import { jsonOf } from '../bodies.ts'
import type { Routes } from '../context.ts'
import { streamEvents } from '../events-stream.ts'
import { readForm } from '../forms.ts'
import { documentStates, Elements, JobDocuments, jobDocumentToWire, stages } from '../wire/documents.ts'
import { responses } from '../wire/errors.ts'
import { CreateJob } from '../wire/forms.ts'
import {
  detailsToWire,
  JobDetails,
  JobFailedFiles,
  JobInformation,
  jobToWire,
  statesCalled,
} from '../wire/jobs.ts'
import { given, limit, number } from '../wire/lenient.ts'
import { NodeInput, nodeFromWire } from '../wire/workflows.ts'

const tags = ['jobs']
const params = z.object({ job_id: z.string() })

/** What the form's field `request_data` holds. */
const RequestData = z.union([
  z.object({ template_id: z.string() }),
  z.object({ job_nodes: z.array(NodeInput) }),
])

/** @throws {OutflowError} `config`, codes `request.not_json`, `request.invalid` */
function workOf(text: string) {
  const data = RequestData.safeParse(jsonOf(text))
  if (!data.success) throw requestDataInvalid(data.error)
  if ('template_id' in data.data) return { templateId: data.data.template_id }
  return { nodes: data.data.job_nodes.map(nodeFromWire) }
}

const requestDataInvalid = (cause: z.ZodError) =>
  new OutflowError({
    kind: 'config',
    code: 'request.invalid',
    message: 'The field request_data names neither a template nor steps.',
    fix: 'Send {"template_id": "hi_res_partition"}, or {"job_nodes": [{"name", "type", "subtype"}, …]}.',
    fields: [{ field: 'body.request_data', message: 'needs template_id or job_nodes' }],
    cause,
  })

/** One of a stream. */
const ServerSentEvent = z
  .object({
    id: z.string().meta({ description: 'Its number; the first is 1.' }),
    event: z.string().meta({ description: 'Its type.' }),
    data: z.string().meta({ description: 'The event as JSON, with `at`.' }),
  })
  .meta({ id: 'ServerSentEvent' })

export const jobRoutes: Routes = (server, context) => {
  startAndStop(server, context)
  watch(server, context)
  results(server, context)
}

const startAndStop: Routes = (server, { platform: { jobs } }) => {
  server.post('/jobs/', {
    config: { scope: 'run' },
    preValidation: readForm({ files: mostUploads, bytes: mostUploadBytes, name: 'input_files' }),
    schema: {
      tags,
      operationId: 'create_job',
      summary: 'A job for uploaded files, with steps of its own',
      consumes: ['multipart/form-data', 'application/x-www-form-urlencoded'],
      body: CreateJob,
      response: responses({ 200: JobInformation }, 404, 413),
    },
    handler: async (request) => {
      const { request_data, input_files = [] } = request.body
      return jobToWire(await jobs.runOnDemand(workspaceOf(request), workOf(request_data), input_files))
    },
  })

  server.post('/jobs/:job_id/cancel', {
    config: { scope: 'run' },
    schema: {
      tags,
      operationId: 'cancel_job',
      summary: 'Ask a job to stop',
      params,
      response: responses({ 200: JobInformation }, 404),
    },
    handler: async (request) => jobToWire(await jobs.cancel(workspaceOf(request), request.params.job_id)),
  })

  server.post('/jobs/:job_id/retry', {
    config: { scope: 'run' },
    schema: {
      tags,
      operationId: 'retry_job',
      summary: 'A new job of the same workflow, for what failed',
      params,
      response: responses({ 202: JobInformation }, 404, 409, 412),
    },
    handler: async (request, reply) => {
      const job = await jobs.retry(workspaceOf(request), request.params.job_id)
      return reply.code(202).send(jobToWire(job))
    },
  })
}

const watch: Routes = (server, { platform: { jobs }, closing }) => {
  server.get('/jobs/', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'list_jobs',
      summary: 'All jobs, the latest first',
      querystring: z.object({
        workflow_id: z.string().optional(),
        status: z
          .string()
          .optional()
          .meta({ description: 'A state by any of its names: COMPLETED, in progress, held.' }),
      }),
      response: responses({ 200: z.array(JobInformation) }),
    },
    handler: async (request) => {
      const { workflow_id: workflowId, status } = request.query
      const states = status === undefined ? undefined : statesCalled(status)
      if (states?.length === 0) return []
      return (await jobs.list(workspaceOf(request), given({ workflowId, states }))).map(jobToWire)
    },
  })

  server.get('/jobs/:job_id', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_job',
      summary: 'One job',
      params,
      response: responses({ 200: JobInformation }, 404),
    },
    handler: async (request) => jobToWire(await jobs.get(workspaceOf(request), request.params.job_id)),
  })

  server.get('/jobs/:job_id/details', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_job_details',
      summary: 'How far it is, step by step',
      params,
      response: responses({ 200: JobDetails }, 404),
    },
    handler: async (request) => {
      const workspace = workspaceOf(request)
      const { job_id: id } = request.params
      const [job, stats] = await Promise.all([jobs.get(workspace, id), jobs.nodeStats(workspace, id)])
      return detailsToWire(job, stats)
    },
  })

  server.get('/jobs/:job_id/events', {
    config: { scope: 'read' },
    exposeHeadRoute: false,
    schema: {
      tags,
      operationId: 'watch_job',
      summary: 'Everything that happens in it, as server-sent events, until it has ended',
      params,
      querystring: z.object({
        after: number.optional().meta({ description: 'Number of the last event that is known.' }),
      }),
      headers: z.object({
        'last-event-id': z
          .string()
          .optional()
          .meta({ description: 'The same; a browser sends it by itself.' }),
      }),
      response: responses(
        { 200: { description: 'Events', content: { 'text/event-stream': { schema: ServerSentEvent } } } },
        404,
      ),
    },
    handler: async (request, reply) => {
      const workspace = workspaceOf(request)
      const { id } = await jobs.get(workspace, request.params.job_id)
      const last = Number.parseInt(request.headers['last-event-id'] ?? '', 10)
      const after = Number.isSafeInteger(last) && last > 0 ? last : (request.query.after ?? 0)
      return streamEvents(reply, closing, (signal) => jobs.events(workspace, id, after, signal))
    },
  })
}

const results: Routes = (server, { platform: { jobs } }) => {
  server.get('/jobs/:job_id/failed-files', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_job_failed_files',
      summary: 'What failed, and why',
      params,
      response: responses({ 200: JobFailedFiles }, 404),
    },
    handler: async (request) => {
      const files = await jobs.failedFiles(workspaceOf(request), request.params.job_id)
      return { failed_files: files.map(({ document, error }) => ({ document, error })) }
    },
  })

  server.get('/jobs/:job_id/documents', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'list_job_documents',
      summary: 'What became of each document',
      params,
      querystring: z.object({
        state: z.enum(documentStates).optional(),
        stage: z.enum(stages).optional(),
        limit: limit.optional().meta({ description: 'Default 100.' }),
        after: z.string().optional().meta({ description: 'The `next` of the page before.' }),
      }),
      response: responses({ 200: JobDocuments }, 404),
    },
    handler: async (request) => {
      const page = await jobs.documents(workspaceOf(request), request.params.job_id, given(request.query))
      return { documents: page.documents.map(jobDocumentToWire), ...given({ next: page.next }) }
    },
  })

  server.get('/jobs/:job_id/download', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'download_job_output',
      summary: 'Elements of an uploaded file',
      params,
      querystring: z.object({
        file_id: z.string({ error: 'Field required' }),
        node_id: z.string().optional().meta({ description: 'After this step; default, after the last.' }),
      }),
      response: responses({ 200: Elements }, 404),
    },
    handler: async (request, reply) => {
      const { file_id: file, node_id: node } = request.query
      const output = await jobs.output(workspaceOf(request), request.params.job_id, file, node)
      // Elements as they are kept: not read and written once more.
      return reply.type('application/json').send(Buffer.from(output) as never)
    },
  })
}
