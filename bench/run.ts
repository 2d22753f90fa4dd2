/**
 * The whole run, list to files on disk, against fetching the very same responses with a bare pooled client that throws them away.
 * Rounds alternate in one go, because the machine is noisy; the best of each side counts.
 *
 * @module
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import type { RecordedRequest, Stats } from '../src/sandbox/stats.ts'
import { createPool } from '../src/util/pool.ts'
import { measureRun } from './child.ts'
import { options } from './options.ts'
import { type SandboxProcess, sandboxProcess } from './sandbox-process.ts'

const limit = 2
const concurrency = 8

export default async function (args: string[]): Promise<Record<string, unknown>> {
  const { pages, spaces, rounds } = options(args, { pages: 10_000, spaces: 10, rounds: 3 })
  const sandbox = await sandboxProcess([
    ...['--site', 'generated', '--pages', String(pages), '--spaces', String(spaces)],
  ])
  try {
    const outflow: number[] = []
    const bare: number[] = []
    let requests: readonly RecordedRequest[] = []
    for (let round = 1; round <= rounds; round++) {
      await fetch(new URL('/_sandbox/stats', sandbox.url), { method: 'DELETE' })
      const seconds = await wholeRun(sandbox, pages)
      outflow.push(seconds)
      requests = await recorded(sandbox)
      const { seconds: bareSeconds, megabytes } = await bareFetch(sandbox, requests)
      bare.push(bareSeconds)
      console.log(
        `round ${round}: outflow ${seconds.toFixed(2)} s, bare ${bareSeconds.toFixed(2)} s for ${megabytes.toFixed(0)} MB in ${requests.length} requests, ratio ${(seconds / bareSeconds).toFixed(2)}`,
      )
    }
    const ratio = Math.min(...outflow) / Math.min(...bare)
    return { pages, requests: requests.length, ratio: Number(ratio.toFixed(2)), limit, ok: ratio <= limit }
  } finally {
    await sandbox.stop()
  }
}

async function wholeRun(sandbox: SandboxProcess, pages: number): Promise<number> {
  const output_dir = await mkdtemp(join(tmpdir(), 'outflow-bench-'))
  try {
    const { seconds, coverage } = await measureRun(sandbox, output_dir)
    if (coverage.done !== pages) throw new Error(`Only ${coverage.done} of ${pages} pages were done.`)
    return seconds
  } finally {
    await rm(output_dir, { recursive: true })
  }
}

async function recorded(sandbox: SandboxProcess): Promise<readonly RecordedRequest[]> {
  const answer = await fetch(new URL('/_sandbox/stats', sandbox.url))
  const { recorded: requests } = (await answer.json()) as Stats
  return requests.filter(({ method }) => method === 'GET')
}

async function bareFetch(
  { url, username, api_token }: SandboxProcess,
  requests: readonly RecordedRequest[],
): Promise<{ seconds: number; megabytes: number }> {
  const client = new Pool(new URL(url).origin, { connections: concurrency })
  const authorization = `Basic ${Buffer.from(`${username}:${api_token}`).toString('base64')}`
  const pool = createPool(concurrency)
  let bytes = 0
  const started = performance.now()
  for (const { path, query } of requests)
    await pool.add(async () => {
      const { body } = await client.request({
        path: `${path}?${new URLSearchParams(query as [string, string][]).toString()}`,
        method: 'GET',
        headers: { authorization },
      })
      for await (const chunk of body) bytes += (chunk as Buffer).length
    })
  await pool.drain()
  const seconds = (performance.now() - started) / 1000
  await client.close()
  return { seconds, megabytes: bytes / 1e6 }
}
