/**
 * Templates: steps to begin with.
 *
 * @module
 */

import { z } from 'zod'
import type { Routes } from '../context.ts'
import { responses } from '../wire/errors.ts'
import { TemplateDetail, TemplateListItem, templateDetailToWire, templateToWire } from '../wire/workflows.ts'

const tags = ['templates']

export const templateRoutes: Routes = (server, { platform: { templates } }) => {
  server.get('/templates/', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'list_templates',
      summary: 'All templates',
      response: responses({ 200: z.array(TemplateListItem) }),
    },
    handler: async () => templates.list().map(templateToWire),
  })

  server.get('/templates/:template_id', {
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'get_template',
      summary: 'One template, with its steps',
      params: z.object({ template_id: z.string() }),
      response: responses({ 200: TemplateDetail }, 404),
    },
    handler: async (request) => templateDetailToWire(templates.get(request.params.template_id)),
  })
}
