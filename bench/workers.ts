/**
 * One job on one, two and four workers, where every page costs a request that takes its time: what another worker brings.
 *
 * @module
 */

import { generatedWorld } from '../src/sandbox/index.ts'
import type { JobAnswer } from '../test/engine/client.ts'
import { type Cluster, partitioner, startCluster } from '../test/engine/cluster.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { options } from './options.ts'

/** So much of what one worker does, each further one has to bring. */
const limit = 0.8

const teams = [1, 2, 4]

/**
 * `--pages N`, `--latency MS` of each answer of the wiki, `--documents N` under way in each worker. Pages are rendered by the server, one
 * request each (`body: view`), because a bulk list would hide the latency.
 */
export default async function benchmarkWorkers(args: string[]): Promise<Record<string, unknown>> {
  const { pages, latency, documents } = options(args, { pages: 5000, latency: 100, documents: 8 })
  const server = await startPostgres()
  if (!server) throw new Error('PostgreSQL is not installed.')
  const rates: number[] = []
  try {
    for (const team of teams) {
      const world = generatedWorld({ pages, spaces: 4, seed: 1, bodySize: [500, 3000] })
      const cluster = await startCluster(server, { world, latencyMs: latency })
      try {
        rates.push(await rateOf(cluster, team, documents, pages))
      } finally {
        await cluster.close()
      }
    }
  } finally {
    await server.stop()
  }
  const shares = rates.map((rate, place) => rate / rates[0]! / teams[place]!)
  for (const [place, team] of teams.entries())
    console.log(
      `${team} worker${team === 1 ? ' ' : 's'}  ${rates[place]!.toFixed(1).padStart(7)} pages/s  ${shares[place]!.toFixed(2)} of one worker each`,
    )
  const worst = Math.min(...shares)
  console.log(`limit ${limit}: ${worst >= limit ? 'met' : 'missed'}`)
  return {
    pages,
    latency,
    documents,
    rates: rates.map((rate) => Math.round(rate)),
    shares: shares.map(rounded),
    limit,
  }
}

async function rateOf(cluster: Cluster, team: number, documents: number, pages: number): Promise<number> {
  const flags = ['--parcels', '1', '--documents', String(documents)]
  await Promise.all(Array.from({ length: team }, () => cluster.startWorker(...flags)))
  const workflow = await workflowOf(cluster)
  const job = await cluster.client.run(workflow)
  const { coverage, started_at, ended_at } = (await cluster.client.ended(job.id, 600)) as Timed
  if (coverage?.done !== pages) throw new Error(`Not all are done: ${JSON.stringify(coverage)}`)
  return pages / ((Date.parse(ended_at) - Date.parse(started_at)) / 1000)
}

type Timed = JobAnswer & { readonly started_at: string; readonly ended_at: string }

async function workflowOf({ client, sandbox, tables }: Cluster): Promise<string> {
  const { url, credentials } = sandbox
  const reading = { body: 'view', comments: 'none', max_num_of_docs_from_each_space: 0 }
  const source = await client.make('sources', {
    ...{ name: 'wiki', type: 'confluence' },
    config: { url, token: credentials.token, ...reading },
  })
  const destination = await client.make('destinations', {
    ...{ name: 'pages', type: 'postgres' },
    config: { ...tables.settings, table_name: 'pages' },
  })
  return client.make('workflows', {
    ...{ name: 'pages', workflow_type: 'custom', source_id: source, destination_id: destination },
    workflow_nodes: [partitioner],
  })
}

const rounded = (share: number) => Math.round(share * 100) / 100
