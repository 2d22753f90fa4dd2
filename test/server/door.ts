/**
 * The door over the platform on a state folder of its own, without a worker: what is put on its way stays there.
 *
 * @module
 */

import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Scope } from '../../src/platform/platform.ts'
import { openService } from '../../src/platform/service.ts'
import type { RequestEntry } from '../../src/server/log.ts'
import { createServer } from '../../src/server/server.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { newPath } from '../store/folders.ts'

interface Answer<Body = unknown> {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Body
}

export interface Door {
  readonly url: string
  readonly store: Store
  /** One of each scope, of one workspace. */
  readonly keys: Readonly<Record<Scope, string>>
  /** Of all requests so far. */
  readonly log: readonly RequestEntry[]
  /** With the key that may everything, unless the headers say otherwise. */
  call<Body = unknown>(
    method: string,
    path: string,
    init?: Omit<RequestInit, 'method'>,
  ): Promise<Answer<Body>>
  /** Closes the door alone. */
  close(): Promise<void>
}

/** Gone after the test file's last test. */
export async function openDoor(): Promise<Door> {
  const stateDir = await newPath()
  const store = await openStore({ stateDir })
  const service = await openService({
    ...{ store, stateDir, environment: {}, supervise: false },
    outputRoot: join(stateDir, '..', 'output'),
  })
  const log: RequestEntry[] = []
  const server = await createServer({
    platform: service.platform,
    log: (entry) => log.push(entry),
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'documents_total 1\n' }),
  })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  afterAll(async () => {
    await server.close()
    await service.close()
    await store.close()
  })
  const key = async (scope: Scope) =>
    (await service.platform.keys.create({ name: scope, workspace: 'door', scopes: [scope] })).secret
  const keys = { read: await key('read'), run: await key('run'), manage: await key('manage') }
  return {
    ...{ url, store, keys, log },
    call: (method, path, init) => call(url, method, path, keys.manage, init),
    close: () => server.close(),
  }
}

async function call<Body>(
  url: string,
  method: string,
  path: string,
  key: string,
  init: RequestInit = {},
): Promise<Answer<Body>> {
  const headers = new Headers(init.headers)
  if (!headers.has('unstructured-api-key')) headers.set('unstructured-api-key', key)
  // An empty one stands for none.
  if (headers.get('unstructured-api-key') === '') headers.delete('unstructured-api-key')
  const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init, method, headers })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson ? JSON.parse(text) : undefined) as Body,
  }
}
