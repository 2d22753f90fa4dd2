/**
 * One of everything that a workspace can own, made over HTTP: connectors that were checked, a workflow, a job of it and one with a file, both
 * ended, channels, a notification.
 *
 * @module
 */

import { setTimeout as pause } from 'node:timers/promises'
import { partitioner, type Things } from './every-route.ts'

/** Calls as the owner of a key does, and gives the value of an answer that has to be good. */
export type Owner = <Value = { readonly id: string }>(
  method: string,
  path: string,
  body?: unknown,
) => Promise<Value>

/** @param path below `/api/v1` */
export function ownersOf(url: string, key: string): Owner {
  return async <Value>(method: string, path: string, body?: unknown) => {
    const isForm = body instanceof FormData
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        'unstructured-api-key': key,
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text) as Value
  }
}

export interface Wanted extends Pick<Things, 'sourceConfig' | 'destination'> {
  /** Of all of them; also the source's key, and in the address of the webhooks. */
  readonly name: string
}

export async function makeThings(owner: Owner, { name, sourceConfig, destination }: Wanted): Promise<Things> {
  const source = await owner('POST', '/sources/', {
    name,
    key: name,
    type: 'confluence',
    config: sourceConfig,
  })
  const target = await owner('POST', '/destinations/', { name, ...destination })
  for (const place of [`/sources/${source.id}`, `/destinations/${target.id}`])
    await owner('POST', `${place}/connection-check`)
  const workflow = await owner('POST', '/workflows/', {
    name,
    workflow_type: 'custom',
    source_id: source.id,
    destination_id: target.id,
    workflow_nodes: [partitioner],
  })
  const webhook = {
    channel_type: 'webhook',
    url: `https://127.0.0.1:9/${name}`,
    event_types: ['job.completed'],
    enabled: false,
  }
  const channel = await owner('POST', '/notifications/channels', webhook)
  const workflowChannel = await owner('POST', `/workflows/${workflow.id}/notifications/channels`, webhook)
  const job = await owner('POST', `/workflows/${workflow.id}/run`)
  await ended(owner, job.id)
  const upload = await uploaded(owner, name)
  const { documents } = await owner<{ documents: { document: { id: string; url: string } }[] }>(
    'GET',
    `/jobs/${job.id}/documents`,
  )
  const { events } = await owner<{ events: { id: string }[] }>('GET', '/notifications')
  return {
    source_id: source.id,
    destination_id: target.id,
    workflow_id: workflow.id,
    job_id: job.id,
    ...upload,
    document_id: documents[0]!.document.id,
    channel_id: channel.id,
    workflow_channel_id: workflowChannel.id,
    notification_id: events[0]!.id,
    sourceConfig,
    destination,
    page: documents[0]!.document.url,
  }
}

async function uploaded(owner: Owner, text: string) {
  const form = new FormData()
  form.set('request_data', JSON.stringify({ job_nodes: [partitioner] }))
  form.set('input_files', new File([`<p>${text}</p>`], 'secret.html', { type: 'text/html' }))
  const { id, output_node_files: files } = await owner<{
    readonly id: string
    readonly output_node_files: readonly { readonly file_id: string; readonly node_id: string }[]
  }>('POST', '/jobs/', form)
  await ended(owner, id)
  const { file_id, node_id } = files[0]!
  return { upload_job_id: id, file_id, node_id }
}

async function ended(owner: Owner, id: string): Promise<void> {
  for (;;) {
    const { status } = await owner<{ readonly status: string }>('GET', `/jobs/${id}`)
    if (status === 'COMPLETED') return
    if (status === 'FAILED' || status === 'STOPPED') throw new Error(`The job ended as ${status}.`)
    await pause(100)
  }
}
