/**
 * One budget for several processes on PostgreSQL: how much of it they use, what the fullest second holds, and what that costs the database,
 * for one process and for four.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { openStore } from '../src/store/index.ts'
import { type Loopback, sendJson, serve } from '../test/support/loopback.ts'
import { type PostgresServer, startPostgres } from '../test/support/postgres.ts'
import { mostWithin } from '../test/throttling/seconds.ts'
import type { Ask, Sharer } from '../test/throttling/sharer.ts'
import { options } from './options.ts'

/** Requests over what may be sent, in the fullest second or window, at most. */
const limit = 1.1
/** Statements a request where nothing has to be spaced, at most. */
const statementsLimit = 0.1

interface Given {
  readonly seconds: number
  readonly rate: number
  readonly quota: number
  readonly window: number
  readonly latency: number
}

/** What a site says of its budget, and how the clients are told to behave. */
interface Case {
  readonly headers: (served: number) => Readonly<Record<string, string>>
  readonly asking?: Partial<Ask>
  /** Requests that may be sent in so many seconds; by the site's windows, or in any. */
  readonly granted?: { readonly requests: number; readonly seconds: number; readonly bySite?: true }
}

interface Measured {
  readonly requests: number
  readonly per_second: number
  readonly fullest_second: number
  /** Of what may be sent in the time, how much was; and in the fullest window. */
  readonly used?: number
  readonly fullest?: number
  readonly statements_per_request: number
}

/**
 * `--seconds N` of asking; `--rate N`: as `requests_per_second`; `--quota N`, `--window S`: a bucket that is filled with N every S seconds, by
 * its headers; `--latency N`: milliseconds that the site takes for an answer.
 */
export default async function (args: string[]): Promise<Record<string, unknown>> {
  const given = options(args, { seconds: 20, rate: 50, quota: 200, window: 5, latency: 100 })
  const server = await startPostgres()
  if (!server) throw new Error('PostgreSQL is not installed.')
  const measured: Record<string, Measured> = {}
  try {
    for (const [name, site] of Object.entries(cases(given)))
      for (const processes of [1, 4]) {
        const result = await measure(server, site, processes, given)
        console.log(`${name}, ${processes} at a time: ${JSON.stringify(result)}`)
        measured[`${name}_${processes}`] = result
      }
  } finally {
    await server.stop()
  }
  const all = Object.entries(measured)
  const kept = all.every(([, { fullest = 0 }]) => fullest <= limit)
  const cheap = all.every(([name, each]) =>
    /^(silent|ample)/.test(name) ? each.statements_per_request <= statementsLimit : true,
  )
  return { ...given, ...measured, limit, statements_limit: statementsLimit, ok: kept && cheap }
}

/** A site that says nothing, one with plenty, clients that hold back of themselves, and a budget that does not suffice. */
function cases({ rate, quota, window }: Given): Readonly<Record<string, Case>> {
  const bucket = (limit: number, remaining: number) => ({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, remaining)),
    'x-ratelimit-interval-seconds': String(window),
    'x-ratelimit-fillrate': String(limit),
  })
  return {
    silent: { headers: () => ({}) },
    ample: { headers: (served) => bucket(1_000_000, 1_000_000 - served) },
    own_rate: {
      headers: () => ({}),
      asking: { requestsPerSecond: rate },
      granted: { requests: rate, seconds: 1 },
    },
    scarce: {
      headers: (served) => bucket(quota, quota - served),
      granted: { requests: quota, seconds: window, bySite: true },
    },
  }
}

async function measure(
  server: PostgresServer,
  site: Case,
  processes: number,
  { seconds, window, latency }: Given,
): Promise<Measured> {
  const databaseUrl = await server.newDatabase()
  await (await openStore({ databaseUrl })).close()
  const loopback = await siteOf(site, window, latency)
  try {
    const ask = (seconds: number) =>
      statementsOf(server, databaseUrl, () =>
        together(databaseUrl, processes, { kind: 'ask', origin: loopback.origin, seconds, ...site.asking }),
      )
    const idle = await ask(0)
    const statements = (await ask(seconds)) - idle
    return {
      ...figures(loopback, site, loopback.fullest()),
      statements_per_request: rounded(statements / loopback.seen.length),
    }
  } finally {
    await loopback.close()
  }
}

function figures(
  { seen }: Loopback,
  { granted }: Case,
  fullestWindow: number,
): Omit<Measured, 'statements_per_request'> {
  const times = seen.map(({ at }) => at)
  const took = (times.at(-1)! - times[0]!) / 1000
  const most = granted?.bySite ? fullestWindow : mostWithin(times, 1000)
  return {
    requests: times.length,
    per_second: rounded(times.length / took),
    fullest_second: mostWithin(times, 1000),
    ...(granted && {
      used: rounded(times.length / (granted.requests * (took / granted.seconds))),
      fullest: rounded(most / granted.requests),
    }),
  }
}

/** Fills its bucket every so many seconds, from the first request on. */
async function siteOf(
  { headers }: Case,
  window: number,
  latency: number,
): Promise<Loopback & { fullest(): number }> {
  let served = 0
  let fullest = 0
  let filled = 0
  const loopback = await serve(async (_, response) => {
    if (performance.now() >= filled + window * 1000) {
      served = 0
      filled = performance.now()
    }
    const told = headers(++served)
    fullest = Math.max(fullest, served)
    await new Promise((resolve) => setTimeout(resolve, latency))
    sendJson(response, 200, {}, told)
  })
  return { ...loopback, fullest: () => fullest }
}

const program = fileURLToPath(new URL('../test/throttling/sharer.ts', import.meta.url))

/** Processes that begin at the same time, and all end. */
async function together(
  databaseUrl: string,
  processes: number,
  ask: Omit<Ask, 'name' | 'concurrency'>,
): Promise<void> {
  const children = Array.from({ length: processes }, (_, index) => {
    const sharer: Sharer = { databaseUrl, skew: 0, work: { ...ask, name: `${index}`, concurrency: 8 } }
    const child = spawn(process.execPath, [program, JSON.stringify(sharer)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
  })
  for (const { lines } of children) await lines.next()
  const ended = children.map(({ child }) => once(child, 'exit'))
  for (const { child } of children) child.stdin.write('go\n')
  await Promise.all(ended)
}

/** Transactions that a database saw meanwhile; a statement by itself is one. */
async function statementsOf(
  { url }: PostgresServer,
  databaseUrl: string,
  work: () => Promise<void>,
): Promise<number> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const count = async () => {
    // A connection that has just been closed may not have been counted yet.
    await new Promise((resolve) => setTimeout(resolve, 500))
    const { rows } = await client.query<{ count: number }>(
      'select (xact_commit + xact_rollback)::integer as count from pg_stat_database where datname = $1',
      [new URL(databaseUrl).pathname.slice(1)],
    )
    return rows[0]!.count
  }
  try {
    const before = await count()
    await work()
    return (await count()) - before
  } finally {
    await client.end()
  }
}

const rounded = (value: number) => Number(value.toFixed(3))
