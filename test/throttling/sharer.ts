/**
 * A program: one worker of several that share the budget of a site by their database. It says "ready", waits for a line, asks, and says in
 * JSON what came of it.
 *
 * @module
 */

import { once } from 'node:events'
import { createHttp } from '../../src/kit/http.ts'
import { createSharing, type Sharing } from '../../src/kit/http-sharing.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { openStore } from '../../src/store/index.ts'

export interface Sharer {
  readonly databaseUrl: string
  /** Milliseconds that this machine's clock is wrong. */
  readonly skew: number
  readonly work: Ask | Walk
}

/** Asks for `/NAME` over and over, as one account. */
export interface Ask {
  readonly kind: 'ask'
  readonly name: string
  readonly origin: string
  readonly concurrency: number
  readonly requestsPerSecond?: number
  /** Until it has asked so often, or so many seconds are over. */
  readonly requests?: number
  readonly seconds?: number
}

/** Lists every document of a site. */
interface Walk {
  readonly kind: 'walk'
  readonly settings: Parameters<typeof confluence>[0]
}

export interface Outcome {
  readonly done: number
  /** What it was told of waiting. */
  readonly reasons: readonly string[]
  readonly retries: number
}

const { databaseUrl, skew, work } = JSON.parse(process.argv[2]!) as Sharer
const rightNow = Date.now
Date.now = () => rightNow() + skew

const store = await openStore({ databaseUrl })
const sharing = createSharing(store.throttleOf)
console.log('ready')
await once(process.stdin, 'data')
console.log(JSON.stringify(await (work.kind === 'ask' ? ask(work, sharing) : walk(work, sharing))))
await store.close()
process.exit()

async function ask(
  { name, requests = Infinity, seconds = Infinity, ...options }: Ask,
  sharing: Sharing,
): Promise<Outcome> {
  const reasons = new Set<string>()
  const http = createHttp({
    ...{ ...options, sharing, authorization: 'Bearer shared-4711', patience: 60, timeout: 10 },
    onWait: (_, reason) => reasons.add(reason),
  })
  const { signal } = new AbortController()
  const end = performance.now() + seconds * 1000
  let done = 0
  const member = async () => {
    while (done < requests && performance.now() < end) {
      done++
      await http.json({ path: `/${name}`, signal })
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, member))
  const { retries } = http.usage()
  await http.close()
  return { done, reasons: [...reasons], retries }
}

async function walk({ settings }: Walk, sharing: Sharing): Promise<Outcome> {
  const source = confluence(settings, { sharing })
  const reasons = new Set<string>()
  const { signal } = new AbortController()
  let done = 0
  for await (const { type } of source.index({
    signal,
    emit: (event) => event.type === 'waiting' && reasons.add(event.reason),
  }))
    if (type === 'document') done++
  const { retries } = source.usage()
  await source.close()
  return { done, reasons: [...reasons], retries }
}
