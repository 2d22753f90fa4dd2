/**
 * Random things happen to random wikis, run after run: whatever it was, the destination lets nobody read what Confluence would not show
 * them, is what a first run would make, and nothing that is still there is taken out.
 *
 * - `OUTFLOW_TEST_HISTORIES`: how many wikis on each flavour. Default 3; `.ci/run` takes more.
 * - `OUTFLOW_TEST_SEED`: the first seed. Default 1.
 *
 * @module
 */

import { describe, expect, it } from 'vitest'
import type { Element } from '../../src/model/element.ts'
import { dataCenterWorld } from '../../src/sandbox/data-center/world.ts'
import type { Fault, MemoryWorld } from '../../src/sandbox/index.ts'
import { type Random, randomFrom } from '../../src/sandbox/random.ts'
import { problemsIn } from './random-audit.ts'
import { happen, randomWiki } from './random-changes.ts'
import { type Flavour, openLedger, openScene, type Scene, type Settings } from './scene.ts'

type Run = Awaited<ReturnType<Scene['run']>>

const histories = Number(process.env.OUTFLOW_TEST_HISTORIES ?? 3)
const firstSeed = Number(process.env.OUTFLOW_TEST_SEED ?? 1)
/** Runs after the first one. */
const rounds = 4

const ledger = await openLedger()

/** Files that were looked at, all in all. */
let looked = 0

const seeds = Array.from({ length: histories }, (_, nth) => firstSeed + nth)

describe.each<Flavour>(['cloud', 'data-center'])('nothing leaks, nothing is lost, on %s', (flavour) => {
  it.each(seeds)('in the history of seed %i', { timeout: 60_000 }, async (seed) => {
    expect(await live(seed, flavour)).toEqual([])
  })
})

it('and there was something to read', () => expect(looked).toBeGreaterThan(histories))

/** Whatever is set by turns. */
const settingsToTry = (world: MemoryWorld): readonly Settings[] => [
  {},
  {},
  {},
  { include_archived: true },
  { body: 'storage' },
  { max_num_of_docs_from_each_space: 3 },
  { comments: 'none' },
  { comments: 'inline' },
  { blog_posts: false },
  { spaces: [world.spaces[0]!.key] },
  { exclude_spaces: world.spaces.slice(1).map(({ key }) => key) },
  { labels: 'red' },
]

/** What is asked for and may be refused. */
const questions = [
  '/restriction',
  '/permissions',
  '/member',
  'type=comment',
  '/search',
  '/content',
  '/pages',
  '/blogposts',
  '/role-assignments',
  '/folders/',
  '/spaces',
]

async function live(seed: number, flavour: Flavour): Promise<readonly string[]> {
  const random = randomFrom(seed * 7 + (flavour === 'cloud' ? 0 : 3))
  const world = randomWiki(seed, random)
  let settings = random.pick(settingsToTry(world))
  const version = random.pick(['7.18.0', '8.5.4', '9.2.0', '10.0.3'])
  const scene = await openScene({ world, flavour, version, ledger })
  const truth = flavour === 'cloud' ? world : dataCenterWorld(world)
  const told: string[] = []
  const problems: string[] = []
  const tell = (found: readonly string[]) => {
    for (const each of found) problems.push(`${each} [${told.join(', ')}]`)
  }
  try {
    await scene.run({ settings })
    for (let round = 0; round < rounds && problems.length === 0; round++) {
      for (let count = random.below(5); count >= 0; count--) told.push(happen(world, random))
      if (random.chance(0.2)) settings = random.pick(settingsToTry(world))
      if (random.chance(0.5))
        tell(falselyRemoved(await disturbed(scene, { world, random, settings, told }), world))
      told.push(`RUN ${JSON.stringify(settings)}`)
      const removals = random.chance(0.2) ? ({ onAccessLost: 'remove' } as const) : {}
      const run = await scene.run({ settings, removals })
      if (run.job.error?.code === 'confluence.filter.matches_nothing') continue
      if (run.job.outcome === 'failed') tell([`failed: ${run.job.error?.message}`])
      tell(falselyRemoved(run, world))
      const stored = await scene.stored()
      looked += stored.size
      tell(problemsIn(truth, world, stored, flavour))
      tell(await orphans(scene, stored))
      if (!settings.max_num_of_docs_from_each_space) tell(await differences(scene, settings, stored, run))
      const again = await scene.run({ settings, removals })
      const { held: _, not_permitted: __, failed: ___, skipped: ____, ...moved } = again.stream
      if (Object.keys(moved).length > 0) tell([`never at rest: ${JSON.stringify(moved)}`])
    }
  } finally {
    await scene.close()
  }
  return problems
}

interface Disturbance {
  readonly world: MemoryWorld
  readonly random: Random
  readonly settings: Settings
  readonly told: string[]
}

/** Something happens in mid-run, or the site refuses some answers. */
async function disturbed(scene: Scene, { world, random, settings, told }: Disturbance): Promise<Run> {
  const on = random.pick(questions)
  const meanwhile = random.chance(0.5)
  const effect: Fault['effect'] = meanwhile
    ? { kind: 'change', change: () => void told.push(`meanwhile ${happen(world, random)}`) }
    : random.chance(0.3)
      ? { kind: 'omit' }
      : { kind: 'status', status: random.pick([404, 400]) }
  const from = 1 + random.below(meanwhile ? 40 : 3)
  const fault = { effect, from, ...(meanwhile ? {} : { on, probability: 0.5, seed: random.below(1000) + 1 }) }
  told.push(meanwhile ? `MEANWHILE ${from}` : `FAULT ${effect.kind} ${on}`)
  const stop = scene.sandbox.addFault(fault)
  try {
    return await scene.run({ settings })
  } finally {
    stop()
  }
}

/** Documents that were removed for a reason that is not so. */
function falselyRemoved({ events }: Run, world: MemoryWorld): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== 'document.removed') return []
    const node = world.node(event.document.id.split('/').at(-1)!)
    if (node === undefined) return []
    const page = node.containerId === undefined ? node : world.node(node.containerId)
    const space = world.spaces.find((each) => each.id === page?.spaceId)
    const isSo: Readonly<Partial<Record<typeof event.reason, boolean>>> = {
      deleted: false,
      trashed: page?.status === 'trashed',
      archived: page?.status === 'archived' || space?.status === 'archived',
    }
    return isSo[event.reason] === false ? [`falsely removed: ${event.document.title}, ${event.message}`] : []
  })
}

/** Files that nothing remembers, and what is remembered of files that are not there. */
async function orphans(scene: Scene, stored: ReadonlyMap<string, unknown>): Promise<readonly string[]> {
  const receipts: string[] = []
  const { signal } = new AbortController()
  for await (const batch of ledger.entries(scene.output, { signal }))
    for (const { delivered } of batch) if (delivered) receipts.push(delivered.receipt)
  const known = new Set(receipts)
  return [
    ...[...stored.keys()].filter((path) => !known.has(path)).map((path) => `nobody knows of: ${path}`),
    ...receipts.filter((path) => !stored.has(path)).map((path) => `not there: ${path}`),
    ...(known.size < receipts.length ? ['two documents in one file'] : []),
  ]
}

/** From what a first run would make; what is held is beside it. */
async function differences(
  scene: Scene,
  settings: Settings,
  stored: ReadonlyMap<string, readonly Element[]>,
  { stream, events }: Run,
): Promise<readonly string[]> {
  const fresh = await scene.fresh(settings)
  const held = new Set(
    events.flatMap((event) => (event.type === 'document.held' ? [event.document.id.split('/').at(-1)!] : [])),
  )
  const isHeld = (path: string) => held.has(/(\d+)\.html/.exec(path)?.[1] ?? '')
  const said = JSON.stringify(stream)
  return [
    ...[...fresh.keys()].filter((path) => !stored.has(path)).map((path) => `lost: ${path} ${said}`),
    ...[...stored.keys()]
      .filter((path) => !fresh.has(path) && !isHeld(path))
      .map((path) => `left over: ${path} ${said}`),
    ...[...fresh].flatMap(([path, elements]) => {
      const [was, is] = [JSON.stringify(elements), JSON.stringify(stored.get(path))]
      return stored.has(path) && was !== is ? [`not as from nothing: ${path} ${was} ${is}`] : []
    }),
  ]
}
