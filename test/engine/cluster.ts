/**
 * A small team's Outflow on a PostgreSQL server of its own: one process that serves, some that work, a wiki to read from, and tables to write to.
 *
 * @module
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import type { PostgresServer } from '../support/postgres.ts'
import { type Client, createClient } from './client.ts'
import { end, type Running, start } from './processes.ts'
import { openTables, type TablesOfDestination } from './tables.ts'

export interface Cluster {
  readonly client: Client
  readonly sandbox: Sandbox
  /** Of the engine. */
  readonly databaseUrl: string
  readonly tables: TablesOfDestination
  readonly folder: string
  /** Those that live. */
  readonly workers: Running[]
  startWorker(...flags: readonly string[]): Promise<Running>
  /** Kills one of them, and forgets it. */
  kill(worker: Running): Promise<void>
  /** A workflow from the wiki into a table. @returns its id */
  workflowInto(table: string, more?: object): Promise<string>
  close(): Promise<void>
}

/** Data Center, since its accounts need no more than a token. */
export async function startCluster(
  server: PostgresServer,
  site: Pick<SandboxOptions, 'world' | 'latencyMs'>,
): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'outflow-engine-'))
  const sandbox = await startSandbox({ ...site, flavour: 'data-center' })
  const databaseUrl = await server.newDatabase()
  const tables = await openTables(await server.newDatabase())
  const environment = { DATABASE_URL: databaseUrl }
  const api = await start(['serve', '--role', 'api', '--port', '0'], { folder, environment })
  const client = createClient(() => ({ url: api.url, apiKey: api.apiKey! }))
  const workers: Running[] = []
  const forget = (worker: Running) => {
    const place = workers.indexOf(worker)
    if (place >= 0) workers.splice(place, 1)
  }
  const { token } = sandbox.credentials
  let source: Promise<string> | undefined
  return {
    ...{ client, sandbox, databaseUrl, tables, folder, workers },
    async startWorker(...flags) {
      const worker = await start(['work', ...flags], { folder, environment })
      workers.push(worker)
      void worker.outcome.then(() => forget(worker))
      return worker
    },
    async kill(worker) {
      forget(worker)
      await end(worker, 'SIGKILL')
    },
    async workflowInto(table, more = {}) {
      source ??= client.make('sources', {
        name: 'wiki',
        type: 'confluence',
        config: { url: sandbox.url, token, max_num_of_docs_from_each_space: 0 },
      })
      const destination = await client.make('destinations', {
        name: table,
        type: 'postgres',
        config: { ...tables.settings, table_name: table },
      })
      return client.make('workflows', {
        name: table,
        workflow_type: 'custom',
        source_id: await source,
        destination_id: destination,
        workflow_nodes: [partitioner],
        ...more,
      })
    },
    async close() {
      for (const process of [...workers, api]) await end(process, 'SIGKILL')
      await tables.close()
      await sandbox.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const partitioner = {
  name: 'Partitioner',
  type: 'partition',
  subtype: 'unstructured_api',
  settings: { strategy: 'fast' },
}
