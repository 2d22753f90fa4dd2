/**
 * A second run over a wiki in which nothing changed, against the first run over it: time, requests and bodies, on Cloud and Data Center,
 * each run in a process of its own. The time is that of the run; opening the state is told beside it by `npm run bench -- ledger`.
 *
 * @module
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SandboxOptions } from '../src/sandbox/index.ts'
import type { Stats } from '../src/sandbox/stats.ts'
import { measureRun } from './child.ts'
import { options } from './options.ts'
import { type SandboxProcess, sandboxProcess } from './sandbox-process.ts'

/** Seconds of the second run over seconds of the first, at most; requests for 1,000 pages, at most; requests for bodies, at most. */
const limits = { ratio: 0.1, requests_per_1000: 10, bodies: 0 } as const

type Flavour = SandboxOptions['flavour']

interface Site {
  readonly pages: number
  readonly spaces: number
  readonly rounds: number
}

/** `--pages N`, `--spaces N`: size of the generated site (5 % restricted, 6 levels deep). `--rounds N`: the best second run counts. */
export default async function (args: string[]): Promise<Record<string, unknown>> {
  const site = options(args, { pages: 10_000, spaces: 10, rounds: 3 })
  const cloud = await measure('cloud', site)
  const dataCenter = await measure('data-center', site)
  return { ...site, cloud, data_center: dataCenter, limits, ok: cloud.ok && dataCenter.ok }
}

async function measure(flavour: Flavour, { pages, spaces, rounds }: Site) {
  const folder = await mkdtemp(join(tmpdir(), 'outflow-bench-'))
  const sandbox = await sandboxProcess([
    ...['--flavour', flavour, '--site', 'generated'],
    ...['--pages', String(pages), '--spaces', String(spaces)],
  ])
  const runOnce = () =>
    measureRun(sandbox, join(folder, 'wiki'), { flavour, state_dir: join(folder, 'state') })
  try {
    const first = await runOnce()
    if (first.coverage.done !== pages) throw new Error(`Only ${first.coverage.done} of ${pages} were done.`)
    const seconds: number[] = []
    let stats: Stats | undefined
    for (let round = 0; round < rounds; round++) {
      await fetch(new URL('/_sandbox/stats', sandbox.url), { method: 'DELETE' })
      const second = await runOnce()
      if (second.coverage.unchanged !== pages) throw new Error(`Something changed: ${JSON.stringify(second)}`)
      seconds.push(second.seconds)
      stats = await statsOf(sandbox)
    }
    return verdict(pages, { first: first.seconds, second: Math.min(...seconds), stats: stats! })
  } finally {
    await sandbox.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function statsOf({ url }: SandboxProcess): Promise<Stats> {
  return (await (await fetch(new URL('/_sandbox/stats', url))).json()) as Stats
}

function verdict(
  pages: number,
  { first, second, stats }: { readonly first: number; readonly second: number; readonly stats: Stats },
) {
  const ratio = rounded(second / first)
  const perThousand = rounded((stats.requests * 1000) / pages)
  const bodies = stats.recorded.filter(({ query }) => query.some(asksForBodies)).length
  const ok = ratio <= limits.ratio && perThousand <= limits.requests_per_1000 && bodies <= limits.bodies
  const lists = stats.byRoute.filter(({ route }) => /search$|pages$|scan$/.test(route))
  const listing = lists.reduce((sum, { requests }) => sum + requests, 0)
  const figures = { first: rounded(first), second: rounded(second), ratio, requests_per_1000: perThousand }
  return { ...figures, listing_per_1000: rounded((listing * 1000) / pages), bodies, ok }
}

const asksForBodies = ([name, value]: readonly [string, string]) =>
  name === 'body-format' || (name === 'expand' && value.includes('body.'))

const rounded = (value: number) => Math.round(value * 1000) / 1000
