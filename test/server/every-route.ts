/**
 * How every route of the API is called, about things that one workspace owns.
 *
 * @module
 */

/** Ids of things of one workspace, by the names that paths give them. */
export interface Things {
  readonly source_id: string
  readonly destination_id: string
  readonly workflow_id: string
  readonly job_id: string
  /** A job with an uploaded file, its file, and the step after it. */
  readonly upload_job_id: string
  readonly file_id: string
  readonly node_id: string
  readonly document_id: string
  readonly channel_id: string
  readonly workflow_channel_id: string
  readonly notification_id: string
  /** Settings with which another source could be made. */
  readonly sourceConfig: Readonly<Record<string, unknown>>
  readonly destination: { readonly type: string; readonly config: Readonly<Record<string, unknown>> }
  /** Address of a page of the source. */
  readonly page: string
}

export interface Call {
  readonly query?: Readonly<Record<string, string>>
  /** JSON, or a form. */
  readonly body?: unknown
  /** In place of the thing of that name. */
  readonly path?: Readonly<Record<string, string>>
  /** Nothing in it belongs to anybody: whoever has a key may make this call. */
  readonly owned?: false
  /** A status that its owner may get beside 2xx, and why. */
  readonly ownerMayGet?: readonly [number, string]
}

export const partitioner = {
  name: 'Partitioner',
  type: 'partition',
  subtype: 'unstructured_api',
  settings: { strategy: 'fast' },
}

const anybody: Call = { owned: false }
const plain: Call = {}

const upload = (name: string, field: string): FormData => {
  const form = new FormData()
  form.set(field, new File(['<h1>Brakes</h1><p>Checked.</p>'], name, { type: 'text/html' }))
  return form
}

function jobForm(): FormData {
  const form = upload('brakes.html', 'input_files[]')
  form.set('request_data', JSON.stringify({ job_nodes: [partitioner] }))
  return form
}

const webhook = { channel_type: 'webhook', url: 'https://127.0.0.1:9/', event_types: ['job.completed'] }

/** By method and path, as the description of the API has them; those below `/api/v1` without it. */
export const everyRoute: Readonly<Record<string, (things: Things) => Call>> = {
  'GET /sources/': () => anybody,
  'POST /sources/': ({ sourceConfig }) => ({
    owned: false,
    body: { name: 'Another', type: 'confluence', config: sourceConfig },
  }),
  'GET /sources/{source_id}': () => plain,
  'PUT /sources/{source_id}': ({ sourceConfig }) => ({ body: { config: sourceConfig } }),
  'DELETE /sources/{source_id}': () => plain,
  'POST /sources/{source_id}/connection-check': () => plain,
  'GET /sources/{source_id}/connection-check': () => plain,
  'GET /sources/{source_id}/browse': () => plain,
  'GET /sources/{source_id}/identities': () => ({ query: { ids: 'x' } }),
  'GET /identities': ({ source_id }) => ({ query: { source_id, ids: 'x' } }),
  'POST /preview': ({ source_id, page }) => ({
    body: { source_id, address: page, workflow_nodes: [partitioner] },
  }),

  'GET /destinations/': () => anybody,
  'POST /destinations/': ({ destination }) => ({
    owned: false,
    body: { name: 'Another', ...destination },
  }),
  'GET /destinations/{destination_id}': () => plain,
  'PUT /destinations/{destination_id}': ({ destination: { config } }) => ({ body: { config } }),
  'DELETE /destinations/{destination_id}': () => plain,
  'POST /destinations/{destination_id}/connection-check': () => plain,
  'GET /destinations/{destination_id}/connection-check': () => plain,

  'GET /workflows/': () => anybody,
  'POST /workflows/': ({ source_id, destination_id }) => ({
    body: {
      name: 'Another',
      workflow_type: 'custom',
      source_id,
      destination_id,
      workflow_nodes: [partitioner],
    },
  }),
  'GET /workflows/{workflow_id}': () => plain,
  'PUT /workflows/{workflow_id}': () => ({ body: { name: 'canary-renamed' } }),
  'DELETE /workflows/{workflow_id}': () => plain,
  'POST /workflows/{workflow_id}/run': () => plain,

  'GET /jobs/': () => anybody,
  'POST /jobs/': () => ({ owned: false, body: jobForm() }),
  'GET /jobs/{job_id}': () => plain,
  'POST /jobs/{job_id}/cancel': () => plain,
  'POST /jobs/{job_id}/retry': () => ({ ownerMayGet: [422, 'nothing of it failed'] }),
  'GET /jobs/{job_id}/details': () => plain,
  'GET /jobs/{job_id}/failed-files': () => plain,
  'GET /jobs/{job_id}/documents': () => plain,
  'GET /jobs/{job_id}/events': () => plain,
  'GET /jobs/{job_id}/download': ({ upload_job_id, file_id, node_id }) => ({
    path: { job_id: upload_job_id },
    query: { file_id, node_id },
  }),

  'GET /templates/': () => anybody,
  'GET /templates/{template_id}': () => ({ owned: false, path: { template_id: 'hi_res_partition' } }),

  'GET /documents/{document_id}': () => plain,
  'GET /documents/{document_id}/elements': () => plain,
  'GET /documents/{document_id}/permissions': () => plain,
  'GET /documents/{document_id}/history': () => plain,

  'GET /connector-types': () => anybody,
  'GET /connector-types/{name}': () => ({ owned: false, path: { name: 'confluence' } }),

  'GET /notifications': () => anybody,
  'GET /notifications/unread-count': () => anybody,
  'POST /notifications/mark-read': () => ({ owned: false, body: { mark_all: true } }),
  'GET /notifications/{notification_id}': () => plain,
  ...channelRoutes(''),
  ...channelRoutes('/workflows/{workflow_id}'),

  'POST /general/v0/general': () => ({ owned: false, body: upload('brakes.html', 'files') }),
  'GET /healthz': () => anybody,
  'GET /readyz': () => anybody,
}

function channelRoutes(prefix: string): Record<string, (things: Things) => Call> {
  const owned = prefix === '' ? { owned: false as const } : {}
  const at = ({ channel_id, workflow_channel_id }: Things): Call => ({
    path: { channel_id: prefix === '' ? channel_id : workflow_channel_id },
  })
  const channels = `${prefix}/notifications/channels`
  return {
    [`GET ${channels}`]: () => ({ ...owned, query: { channel_type: 'webhook' } }),
    [`POST ${channels}`]: () => ({ ...owned, body: webhook }),
    [`GET ${channels}/{channel_id}`]: at,
    [`PATCH ${channels}/{channel_id}`]: (things) => ({ ...at(things), body: { enabled: false } }),
    [`DELETE ${channels}/{channel_id}`]: at,
    [`POST ${channels}/{channel_id}/verify`]: (things) => ({
      ...at(things),
      body: { code: '123456' },
      ownerMayGet: [422, 'a webhook needs no code'],
    }),
    [`POST ${channels}/{channel_id}/secret/rotate`]: (things) => ({ ...at(things), body: {} }),
  }
}

/** These need no key. */
export const open: readonly string[] = ['GET /healthz', 'GET /readyz']
