/**
 * Two hundred clients who look at a job while it runs: how long the slowest of a hundred answers takes, on PostgreSQL and on a state folder.
 *
 * @module
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '../test/engine/client.ts'
import { partitioner } from '../test/engine/cluster.ts'
import { end, start } from '../test/engine/processes.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { options } from './options.ts'
import { sandboxProcess } from './sandbox-process.ts'

/** Milliseconds for 99 of 100 reads, on PostgreSQL. On a folder, one process does everything: there, nobody may starve. */
const limit = 250

/** `--clients N`, `--pages N` of the job, `--seconds N` of looking, `--pause MS` of each client between two looks. */
export default async function benchmarkClients(args: string[]): Promise<Record<string, unknown>> {
  const given = options(args, { clients: 200, pages: 5000, seconds: 15, pause: 1000 })
  const server = await startPostgres()
  if (!server) throw new Error('PostgreSQL is not installed.')
  try {
    const onServer = await look({ ...given, environment: { DATABASE_URL: await server.newDatabase() } })
    const onFolder = await look({ ...given, environment: {} })
    for (const [name, { reads, p50, p99, worst, done }] of Object.entries({ onServer, onFolder }))
      console.log(
        `${name.padEnd(9)} ${String(reads).padStart(6)} reads  p50 ${p50} ms  p99 ${p99} ms  worst ${worst} ms  ${done} documents done meanwhile`,
      )
    console.log(`limit ${limit} ms on PostgreSQL: ${onServer.p99 <= limit ? 'met' : 'missed'}`)
    return { ...given, onServer, onFolder, limit }
  } finally {
    await server.stop()
  }
}

interface Looking {
  readonly clients: number
  readonly pages: number
  readonly seconds: number
  readonly pause: number
  readonly environment: Readonly<Record<string, string>>
}

async function look({ clients, pages, seconds, pause: rest, environment }: Looking) {
  const folder = await mkdtemp(join(tmpdir(), 'outflow-clients-'))
  const wiki = await sandboxProcess(['--site', 'generated', '--pages', String(pages)])
  const apart = 'DATABASE_URL' in environment
  const flags = apart ? ['--role', 'api'] : ['--state', join(folder, 'state')]
  const api = await start(['serve', '--port', '0', ...flags], { folder, environment })
  const worker = apart ? await start(['work'], { folder, environment }) : undefined
  try {
    const client = createClient(() => ({ url: api.url, apiKey: api.apiKey! }))
    const job = await client.run(await workflowOf(client, wiki))
    await client.until(job.id, ({ coverage }) => (coverage?.done ?? 0) > 0)
    const paths = [
      `/jobs/${job.id}`,
      `/jobs/${job.id}/details`,
      '/workflows/',
      '/sources/',
      `/jobs/${job.id}/documents`,
    ]
    const before = (await client.job(job.id)).coverage?.done ?? 0
    const times: number[] = []
    const until = performance.now() + seconds * 1000
    await Promise.all(
      Array.from({ length: clients }, async (_, number) => {
        await pause(Math.random() * rest)
        for (let turn = number; performance.now() < until; turn++) {
          const began = performance.now()
          await client.call('GET', paths[turn % paths.length]!)
          times.push(performance.now() - began)
          await pause(rest)
        }
      }),
    )
    const done = ((await client.job(job.id)).coverage?.done ?? 0) - before
    return { ...summary(times), done }
  } finally {
    for (const process of [worker, api]) if (process) await end(process, 'SIGKILL')
    await wiki.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function workflowOf(
  client: ReturnType<typeof createClient>,
  { url, username, api_token }: Awaited<ReturnType<typeof sandboxProcess>>,
): Promise<string> {
  const source = await client.make('sources', {
    ...{ name: 'wiki', type: 'confluence' },
    config: { url, username, api_token, max_num_of_docs_from_each_space: 0 },
  })
  const destination = await client.make('destinations', {
    ...{ name: 'folder', type: 'local', config: { output_dir: 'clients' } },
  })
  return client.make('workflows', {
    ...{ name: 'clients', workflow_type: 'custom', source_id: source, destination_id: destination },
    workflow_nodes: [partitioner],
  })
}

function summary(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  return { reads: times.length, p50: at(0.5), p99: at(0.99), worst: at(1) }
}
