/**
 * A client of the API that does not mind when nobody answers for a while.
 *
 * @module
 */

import { setTimeout as pause } from 'node:timers/promises'
import type { Coverage, RunEvent } from '../../src/model/events.ts'

export interface JobAnswer {
  readonly id: string
  readonly state: string
  readonly job_type: string
  readonly created_at: string
  readonly coverage?: Coverage
  readonly error?: { readonly code: string; readonly message: string }
}

interface NumberedEvent {
  readonly number: number
  readonly event: RunEvent
}

/** What of a running job is looked at. */
type Seen = (job: JobAnswer) => boolean

export interface Client {
  /** @throws when the answer is no good one */
  call<Body>(method: string, path: string, body?: unknown): Promise<Body>
  make(what: 'sources' | 'destinations' | 'workflows', body: object): Promise<string>
  run(workflow: string, body?: object): Promise<JobAnswer>
  job(id: string): Promise<JobAnswer>
  /** Looks until it is so. @throws when that takes longer than so many seconds */
  until(id: string, seen: Seen, seconds?: number): Promise<JobAnswer>
  ended(id: string, seconds?: number): Promise<JobAnswer>
  /** Of a job that has ended. */
  events(id: string): Promise<readonly NumberedEvent[]>
  /** What is told of documents in this state, by id. */
  documents(id: string, state: string): Promise<ReadonlyMap<string, { readonly error?: { code: string } }>>
}

const active = new Set(['queued', 'running'])
/** Seconds for which a call is tried again: the server may be starting, or its database. */
const patience = 60

/** @param address asked anew for each call: a server that was started again may listen elsewhere */
export function createClient(address: () => { readonly url: string; readonly apiKey: string }): Client {
  async function once(method: string, path: string, body?: unknown): Promise<Response> {
    const { url, apiKey } = address()
    return fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        'unstructured-api-key': apiKey,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    })
  }

  async function call<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const last = performance.now() + patience * 1000
    for (;;) {
      const response = await once(method, path, body).catch((thrown: unknown) => thrown as Error)
      if (response instanceof Response && response.ok) return (await response.json()) as Body
      const said = response instanceof Response ? `${response.status} ${await response.text()}` : response
      const isPassing = !(response instanceof Response) || response.status >= 500
      if (!isPassing || performance.now() > last) throw new Error(`${method} ${path}: ${String(said)}`)
      await pause(200)
    }
  }

  const job = (id: string) => call<JobAnswer>('GET', `/jobs/${id}`)

  async function until(id: string, seen: Seen, seconds = 120): Promise<JobAnswer> {
    const last = performance.now() + seconds * 1000
    for (;;) {
      const now = await job(id)
      if (seen(now)) return now
      if (performance.now() > last) throw new Error(`After ${seconds} s still: ${JSON.stringify(now)}`)
      await pause(100)
    }
  }

  async function* pages(id: string, state: string) {
    type Page = {
      documents: { document: { id: string }; error?: { code: string } }[]
      next?: string
    }
    for (let after = ''; ; ) {
      const query = `state=${state}&limit=1000${after && `&after=${encodeURIComponent(after)}`}`
      const { documents, next } = await call<Page>('GET', `/jobs/${id}/documents?${query}`)
      yield* documents
      if (next === undefined) return
      after = next
    }
  }

  return {
    ...{ call, job, until },
    make: async (what, body) => (await call<{ id: string }>('POST', `/${what}/`, body)).id,
    run: (workflow, body) => call('POST', `/workflows/${workflow}/run`, body),
    ended: (id, seconds) => until(id, ({ state }) => !active.has(state), seconds),
    async events(id) {
      const response = await once('GET', `/jobs/${id}/events`)
      const blocks = (await response.text()).split('\n\n').filter((block) => block.includes('data:'))
      return blocks.map((block) => ({
        number: Number(/^id: (\d+)$/m.exec(block)?.[1]),
        event: JSON.parse(/^data: (.*)$/m.exec(block)![1]!) as RunEvent,
      }))
    },
    async documents(id, state) {
      const found = new Map<string, { readonly error?: { code: string } }>()
      for await (const { document, ...rest } of pages(id, state)) found.set(document.id, rest)
      return found
    },
  }
}

/** What every coverage has to be once its job has ended. */
export function sumOf({ coverage }: JobAnswer): number {
  const { found: _, ...rest } = coverage!
  return Object.values(rest).reduce((sum, count) => sum + count, 0)
}
