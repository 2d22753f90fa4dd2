import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../src/sandbox/index.ts'
import { generatedWorld, startSandbox } from '../../src/sandbox/index.ts'
import { outflow } from '../cli/outflow.ts'
import { flavours, newFolder, runArguments, soundOutput } from './trying.ts'

/** Loaded before the command line: each look at the clock finds it ten years ahead, ten years behind, or right. */
const jumpingClock = `
  const offsets = [0, 3e11, -3e11]
  const RealDate = Date
  let looks = 0
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(globalThis.Date.now())
      else super(...given)
    }
    static now() {
      return RealDate.now() + offsets[looks++ % offsets.length]
    }
  }
`

const throttling: readonly Fault[] = [
  { effect: { kind: 'status', status: 429, retryAfter: { seconds: 1, as: 'date' } }, from: 12, count: 1 },
  { effect: { kind: 'status', status: 503, retryAfter: { seconds: 1, as: 'date' } }, from: 16, count: 1 },
  { effect: { kind: 'quota', limit: 1000, seconds: 5 } },
]

describe.each(flavours)('a clock that jumps by years while %s is read', (flavour) => {
  it('neither lengthens the waits that the site asks for nor ends them early, and loses nothing', async () => {
    const preload = join(await newFolder(), 'clock.mjs')
    await writeFile(preload, jumpingClock)
    const world = generatedWorld({ pages: 200, spaces: 2, seed: 2, flavour, bodySize: [100, 300] })
    const sandbox = await startSandbox({ world, flavour, faults: throttling })
    const output = await newFolder()
    const args = [...runArguments(sandbox, flavour), '--output-dir', output]
    const { code, stderr } = await outflow(args, { environment: { NODE_OPTIONS: `--import=${preload}` } })
    await sandbox.close()
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const { job, files } = await soundOutput(output)
    expect(job).toMatchObject({ outcome: 'finished', coverage: { found: 200, done: 200 } })
    expect(job.retries).toBeGreaterThan(0)
    expect(job.seconds).toBeGreaterThan(0)
    expect(job.seconds).toBeLessThan(25)
    expect(job.waited_seconds).toBeGreaterThan(0.5)
    expect(job.waited_seconds).toBeLessThan(10)
    for (const elements of files.values())
      expect(elements[0]!.metadata.data_source!.date_processed).toMatch(/^\d+(\.\d+)?$/)
  })
})
