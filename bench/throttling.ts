/**
 * Requests against a site that refuses three in ten, as a ratio to an undisturbed run, and how many a site refuses that tells its budget.
 *
 * A client that tries again until it is answered needs 1 / (1 - 0.3) = 1.43 times as many, in the long run, and chance adds or takes its
 * share: the more requests, the less. `needless` is what does not depend on chance: requests beyond one for each refusal.
 *
 * @module
 */

import { type Fault, generatedWorld, type SandboxOptions, startSandbox } from '../src/sandbox/index.ts'
import confluence from '../src/sources/confluence/index.ts'
import { options } from './options.ts'

/** Requests of the throttled runs over those of undisturbed ones, at most. */
const limit = 1.5

type Flavour = SandboxOptions['flavour']

interface Site {
  readonly flavour: Flavour
  readonly pages: number
  readonly spaces: number
}

/**
 * `--pages N`, `--spaces N`: size of the generated sites; it is the spaces that cost requests. `--seeds N`: throttled runs of each
 * flavour, all at the same time, for they mostly wait. `--quota N`, `--window S`: a budget of N requests every S seconds.
 */
export default async function (args: string[]): Promise<Record<string, unknown>> {
  const { pages, spaces, seeds, quota, window } = options(args, {
    ...{ pages: 600, spaces: 60, seeds: 4 },
    ...{ quota: 100, window: 5 },
  })
  const budget: Fault = { effect: { kind: 'quota', limit: quota, seconds: window } }
  const measure = async (flavour: Flavour) => {
    const site = { flavour, pages, spaces }
    const undisturbed = await walk(site, [])
    const [told, ...refusing] = await Promise.all([
      walk(site, [budget]),
      ...Array.from({ length: seeds }, (_, index) => walk(site, threeInTen(1000 * (index + 1)))),
    ])
    const requests = total(refusing, 'requests')
    const ratio = requests / (seeds * undisturbed.requests)
    return {
      undisturbed: undisturbed.requests,
      ratios: refusing.map((run) => rounded(run.requests / undisturbed.requests)),
      shares_refused: refusing.map((run) => rounded(run.refused / run.requests)),
      ratio: rounded(ratio),
      needless: requests - total(refusing, 'refused') - seeds * undisturbed.requests,
      seconds_waited: refusing.map((run) => rounded(run.waitedSeconds)),
      ...{ limit, ok: ratio <= limit },
      told_budget: { ...told, waitedSeconds: rounded(told.waitedSeconds), quota, window },
    }
  }
  const [cloud, dataCenter] = [await measure('cloud'), await measure('data-center')]
  return { pages, spaces, cloud, data_center: dataCenter, ok: cloud.ok && dataCenter.ok }
}

/** By two dice, one without a word on how long. 0.16 and then 1/6 of the rest make 0.3. */
const threeInTen = (seed: number): Fault[] => [
  { effect: { kind: 'status', status: 429 }, probability: 0.16, seed },
  {
    effect: { kind: 'status', status: 429, retryAfter: { seconds: 0, as: 'seconds' } },
    probability: 1 / 6,
    seed: seed + 1,
  },
]

interface Walked {
  readonly requests: number
  readonly refused: number
  readonly waitedSeconds: number
}

/** Reads every page of a site. @throws {Error} when one is missing */
async function walk({ flavour, pages, spaces }: Site, faults: readonly Fault[]): Promise<Walked> {
  const world = generatedWorld({ pages, spaces, flavour, bodySize: [100, 1000] })
  const sandbox = await startSandbox({ world, flavour, faults })
  const { username, api_token, password } = sandbox.credentials
  const secret = flavour === 'cloud' ? { api_token } : { password }
  const source = confluence({
    ...{ url: sandbox.url, username, ...secret },
    max_num_of_docs_from_each_space: 0,
  })
  const { signal } = new AbortController()
  let complete = 0
  for await (const item of source.index({ signal, emit: () => undefined }))
    if (item.type === 'document' && item.document.permissions.status === 'complete') complete += 1
  const { waitedSeconds } = source.usage()
  const { requests, byStatus } = sandbox.stats.read()
  await source.close()
  await sandbox.close()
  if (complete !== pages) throw new Error(`Only ${complete} of ${pages} pages came with exact permissions.`)
  return { requests, refused: byStatus[429] ?? 0, waitedSeconds }
}

const total = (runs: readonly Walked[], what: keyof Walked) => runs.reduce((sum, run) => sum + run[what], 0)

const rounded = (value: number) => Number(value.toFixed(3))
