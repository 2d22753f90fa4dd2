/**
 * The ledger embedded and on a PostgreSQL server (where one is installed): entries recorded, recorded again with another version, and read
 * back; and how long the embedded one takes to open.
 *
 * @module
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../src/store/index.ts'
import { batchesOf, entries } from '../test/store/entries.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { options } from './options.ts'

/** What has to be reached embedded: rows a second recorded, and milliseconds for 10,000 rows read. */
const limits = { record: 20_000, read: 300 }

/** Entries of one call. */
const batch = 2000

/** `--rows N`, `--rounds N`. The best round counts: others work on this machine, too. */
export default async function (args: string[]): Promise<Record<string, unknown>> {
  const { rows, rounds } = options(args, { rows: 20_000, rounds: 3 })
  const folder = await mkdtemp(join(tmpdir(), 'outflow-bench-'))
  const server = await startPostgres()
  try {
    const place = { stateDir: join(folder, 'state') }
    const cold = await time(async () => (await openStore(place)).close())
    const embedded = await measure(() => openStore(place), rows, rounds)
    const peer = server && (await measure(async () => openStore({ databaseUrl: server.url }), rows, rounds))
    return {
      rows,
      open_seconds: { first: rounded(cold), again: rounded(embedded.open) },
      resident_megabytes: Math.round(process.memoryUsage.rss() / 1e6),
      embedded: figures(embedded),
      server: peer ? figures(peer) : 'PostgreSQL is not installed',
      embedded_to_server: peer && {
        insert: rounded(embedded.insert / peer.insert),
        update: rounded(embedded.update / peer.update),
        read: rounded(embedded.read / peer.read),
      },
      limits,
      ok: Math.min(embedded.insert, embedded.update) >= limits.record && 1e7 / embedded.read <= limits.read,
    }
  } finally {
    await server?.stop()
    await rm(folder, { recursive: true })
  }
}

/** Seconds to open, and rows a second. */
interface Measured {
  readonly open: number
  readonly insert: number
  readonly update: number
  readonly read: number
}

async function measure(open: () => Promise<Store>, rows: number, rounds: number): Promise<Measured> {
  let store: Store | undefined
  const opening = await time(async () => {
    store = await open()
  })
  const { ledger, close } = store!
  const best = { insert: 0, update: 0, read: 0 }
  const record = async (workflow: string, version: string) => {
    const given = entries(rows, { version })
    return time(async () => {
      for (let at = 0; at < rows; at += batch) await ledger.record(workflow, given.slice(at, at + batch))
    })
  }
  for (let round = 1; round <= rounds; round++) {
    const workflow = `round ${round}`
    best.insert = Math.max(best.insert, rows / (await record(workflow, '1')))
    best.update = Math.max(best.update, rows / (await record(workflow, '2')))
    const seconds = await time(async () => {
      const found = (await batchesOf(ledger, workflow)).flat().length
      if (found !== rows) throw new Error(`Only ${found} of ${rows} entries were found.`)
    })
    best.read = Math.max(best.read, rows / seconds)
  }
  await close()
  return { open: opening, ...best }
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

const rounded = (value: number) => Number(value.toFixed(2))

function figures({ insert, update, read }: Measured) {
  return {
    inserted_per_second: Math.round(insert),
    updated_per_second: Math.round(update),
    read_per_second: Math.round(read),
  }
}
