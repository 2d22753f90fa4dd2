/**
 * The whole run, list to files on disk, against fetching the very same responses with a bare pooled client that throws them away:
 * once with a site that answers at once, which is what the limit is about, and once with one that takes its time, as real ones do.
 *
 * @module
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import type { RecordedRequest, Stats } from '../src/sandbox/stats.ts'
import { createPool } from '../src/util/pool.ts'
import { measureRun } from './child.ts'
import { options } from './options.ts'
import { type SandboxProcess, sandboxProcess } from './sandbox-process.ts'

/** Seconds of the whole run over seconds of the bare client, at most; for a site that answers at once. */
const limit = 2
/** As many requests at a time as a run makes by default. */
const concurrency = 8

interface Site {
  readonly pages: number
  readonly spaces: number
  /** Milliseconds that the site waits before each answer. */
  readonly latency: number
  readonly rounds: number
}

/** One side of one round. */
interface Lap {
  readonly seconds: number
  readonly requests: number
  readonly megabytes: number
}

/**
 * `--pages N`, `--spaces N`: size of the generated Cloud site (5 % restricted, 6 levels deep). `--rounds N`: both sides take turns, the
 * best of each counts, for the machine may be busy. `--latency MS` (0 = leave out): of the second, slower site, measured in one round.
 */
export default async function (args: string[]): Promise<Record<string, unknown>> {
  const { latency, ...site } = options(args, { pages: 10_000, spaces: 10, rounds: 3, latency: 50 })
  // Files stay until the end: a file system that is still busy deleting takes new ones slowly.
  const folder = await mkdtemp(join(tmpdir(), 'outflow-bench-'))
  try {
    const atOnce = await compare({ ...site, latency: 0 }, join(folder, 'at-once'))
    const slower = latency > 0 && (await compare({ ...site, latency, rounds: 1 }, join(folder, 'slower')))
    const { pages, spaces } = site
    return {
      ...{ pages, spaces, ...atOnce },
      ...(slower && { with_latency: { milliseconds: latency, ...slower } }),
      ...{ limit, ok: atOnce.ratio <= limit },
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare({ pages, spaces, latency, rounds }: Site, folder: string) {
  const sandbox = await sandboxProcess([
    ...['--site', 'generated', '--pages', String(pages), '--spaces', String(spaces)],
    ...['--latency', String(latency)],
  ])
  console.log(`${pages} pages in ${spaces} spaces, answers after ${latency} ms, ${cpus().length} processors`)
  try {
    const laps: (readonly [outflow: Lap, bare: Lap])[] = []
    for (let round = 1; round <= rounds; round++) {
      laps.push(await measureRound(sandbox, join(folder, String(round)), pages))
      console.log(`round ${round}: ${described(laps.at(-1)!)}, load ${loadavg()[0]!.toFixed(1)}`)
    }
    const [outflow, bare] = [best(laps.map(([lap]) => lap)), best(laps.map(([, lap]) => lap))]
    return { outflow, bare, ratio: rounded(outflow.seconds / bare.seconds) }
  } finally {
    await sandbox.stop()
  }
}

async function measureRound(sandbox: SandboxProcess, output_dir: string, pages: number) {
  await fetch(new URL('/_sandbox/stats', sandbox.url), { method: 'DELETE' })
  const { seconds, coverage, requests } = await measureRun(sandbox, output_dir)
  if (coverage.done !== pages) throw new Error(`Only ${coverage.done} of ${pages} pages were done.`)
  const { bytesSent, recorded } = await statsOf(sandbox)
  const outflow: Lap = { seconds: rounded(seconds), requests, megabytes: megabytes(bytesSent) }
  return [outflow, await fetchBare(sandbox, recorded)] as const
}

async function statsOf({ url }: SandboxProcess): Promise<Stats> {
  return (await (await fetch(new URL('/_sandbox/stats', url))).json()) as Stats
}

async function fetchBare(
  { url, username, api_token }: SandboxProcess,
  recorded: readonly RecordedRequest[],
): Promise<Lap> {
  const requests = recorded.filter(({ method }) => method === 'GET')
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
  return { seconds: rounded(seconds), requests: requests.length, megabytes: megabytes(bytes) }
}

const best = (laps: readonly Lap[]): Lap => laps.toSorted((one, other) => one.seconds - other.seconds)[0]!

function described([outflow, bare]: readonly [Lap, Lap]): string {
  const lap = ({ seconds, requests, megabytes: size }: Lap) =>
    `${seconds.toFixed(2)} s for ${requests} requests, ${size} MB`
  return `outflow ${lap(outflow)}; bare ${lap(bare)}; ratio ${rounded(outflow.seconds / bare.seconds)}`
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6)

const rounded = (value: number) => Math.round(value * 100) / 100
