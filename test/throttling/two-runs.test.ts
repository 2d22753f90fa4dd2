import { afterEach, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/model/events.ts'
import { parseFault } from '../../src/sandbox/faults/grammar.ts'
import { generatedWorld, type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { account, flavours } from '../bad-input/trying.ts'

const opened: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

/** A source of its own, as another run in this process has one. */
async function walk(credentials: ReturnType<typeof account>) {
  const source = confluence({ ...credentials, max_num_of_docs_from_each_space: 0 })
  opened.push(source)
  const events: RunEvent[] = []
  let documents = 0
  const { signal } = new AbortController()
  for await (const { type } of source.index({ signal, emit: (event) => events.push(event) }))
    if (type === 'document') documents++
  const waits = events.flatMap((event) => (event.type === 'waiting' ? [event.reason] : []))
  return { documents, waits, usage: source.usage() }
}

describe.each(flavours)('two runs at the same time against %s', (flavour) => {
  async function site(...faults: readonly string[]): Promise<Sandbox> {
    const world = generatedWorld({ pages: 60, spaces: 6, seed: 11, flavour, bodySize: [100, 300] })
    const sandbox = await startSandbox({ world, flavour, faults: faults.map(parseFault), latencyMs: 10 })
    opened.push(sandbox)
    return sandbox
  }

  it('both wait when one of them is told to', async () => {
    const sandbox = await site('429:1,from=20,retry-after=1')
    const own = account(sandbox, flavour)
    const runs = await Promise.all([walk(own), walk(own)])
    expect(runs.map(({ documents }) => documents)).toEqual([60, 60])
    expect(runs.reduce((sum, { usage }) => sum + usage.retries, 0)).toBe(1)
    for (const { waits, usage } of runs) {
      expect(waits).toEqual(['the site asked us to slow down (429)'])
      expect(usage.waitedSeconds).toBeGreaterThan(0.5)
    }
  })

  it('spend one budget without being refused', async () => {
    const sandbox = await site('quota,limit=40,seconds=2')
    const own = account(sandbox, flavour)
    const runs = await Promise.all([walk(own), walk(own)])
    expect(runs.map(({ documents }) => documents)).toEqual([60, 60])
    expect(sandbox.stats.read().byStatus[429] ?? 0).toBe(0)
  })
})
