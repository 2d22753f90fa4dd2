/**
 * Peak memory of a whole run over a large site against one over a small site: it must not grow with the number of pages. Each is run more
 * than once and the lowest peak counts: a collector that had no time to spare only ever adds.
 *
 * @module
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureRun } from './child.ts'
import { options } from './options.ts'
import { sandboxProcess } from './sandbox-process.ts'

const limit = 1.3

export default async function (args: string[]): Promise<Record<string, unknown>> {
  const { small, large, spaces, rounds } = options(args, {
    small: 10_000,
    large: 100_000,
    spaces: 10,
    rounds: 2,
  })
  const smallPeaks: number[] = []
  const largePeaks: number[] = []
  for (let round = 1; round <= rounds; round++) {
    smallPeaks.push(await peak(small, spaces))
    largePeaks.push(await peak(large, spaces))
  }
  const smallPeak = Math.min(...smallPeaks)
  const largePeak = Math.min(...largePeaks)
  const ratio = largePeak / smallPeak
  return {
    small: { pages: small, peak_megabytes: Math.round(smallPeak) },
    large: { pages: large, peak_megabytes: Math.round(largePeak) },
    ratio: Number(ratio.toFixed(2)),
    limit,
    ok: ratio <= limit,
  }
}

async function peak(pages: number, spaces: number): Promise<number> {
  const sandbox = await sandboxProcess([
    '--site',
    'generated',
    '--pages',
    String(pages),
    '--spaces',
    String(spaces),
  ])
  const output_dir = await mkdtemp(join(tmpdir(), 'outflow-bench-'))
  try {
    const { peak_megabytes, coverage, seconds } = await measureRun(sandbox, output_dir)
    if (coverage.done !== pages) throw new Error(`Only ${coverage.done} of ${pages} pages were done.`)
    console.log(`${pages} pages: peak ${peak_megabytes.toFixed(0)} MB, ${seconds.toFixed(1)} s`)
    return peak_megabytes
  } finally {
    await sandbox.stop()
    await rm(output_dir, { recursive: true })
  }
}
