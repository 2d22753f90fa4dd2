/**
 * What a query "as this person" finds, on a real server, held against Confluence's own decisions: random wikis, served over HTTP,
 * read by the real connector and delivered by the real destination.
 *
 * - `OUTFLOW_TEST_WORLDS`: how many wikis, each tried on either flavour. Default 10; never more than 200, since each takes a quarter
 *   of a second.
 * - `OUTFLOW_TEST_SEED`: the first seed. Default 1.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import postgres from '../../src/destinations/postgres.ts'
import type { DocumentPermissions, PermissionsStatus } from '../../src/model/permissions.ts'
import html from '../../src/partition/html.ts'
import { run } from '../../src/pipeline/run.ts'
import { viewerOf } from '../../src/sandbox/access.ts'
import { dataCenterWorld } from '../../src/sandbox/data-center/world.ts'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts'
import type { MemoryWorld } from '../../src/sandbox/memory-world.ts'
import type { User, World, WorldNode } from '../../src/sandbox/world.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { type Spelling, spellings, visitorsOf } from '../permissions/audit.ts'
import { type Flavour, permissionCheck, serving, settingsFor } from '../permissions/crawl.ts'
import { randomWorld } from '../permissions/random-world.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import {
  foundBy,
  type Person,
  type SecuredDatabase,
  securedDatabase,
  tokenFor,
} from './row-level-security.ts'

const worlds = Math.min(Number(process.env.OUTFLOW_TEST_WORLDS ?? 10), 200)
const firstSeed = Number(process.env.OUTFLOW_TEST_SEED ?? 1)
/** Worlds in one test. */
const bundle = 50
/** For so many worlds that work, one that does not. */
const brokenEach = 10

const server = await startPostgres()
afterAll(() => server?.stop())

describe.skipIf(!server).each(['cloud', 'data-center'] as const)(
  `on %s, a query as somebody finds exactly what they may read ${server ? '' : noPostgres}`,
  (flavour) => {
    let database: SecuredDatabase
    const trials: Trial[] = []
    beforeAll(async () => {
      database = await securedDatabase(await server!.newDatabase())
    })
    afterAll(() => database?.close())

    for (let seed = firstSeed; seed < firstSeed + worlds; seed += bundle) {
      const last = Math.min(seed + bundle, firstSeed + worlds) - 1
      it(`in the wikis of seeds ${seed} to ${last}`, { timeout: 120_000 }, async () => {
        for (let each = seed; each <= last; each++) {
          trials.push(await tryWorld(database, each, flavour))
          if (each % brokenEach === 0) trials.push(await tryWorld(database, each, flavour, 'broken'))
        }
        expect(trials.flatMap(({ problems }) => problems)).toEqual([])
      })
    }

    it('and enough was compared to say so', () => {
      const sum = (count: (trial: Trial) => number) =>
        trials.reduce((total, trial) => total + count(trial), 0)
      expect(sum(({ compared }) => compared)).toBeGreaterThan(worlds * 10)
      const share = sum(({ allowed }) => allowed) / sum(({ compared }) => compared)
      expect(share).toBeGreaterThan(0.15)
      expect(share).toBeLessThan(0.85)
      expect(sum(({ checked }) => checked)).toBeGreaterThan(worlds / 2)
      expect(trials.flatMap(({ statuses }) => statuses)).toContain('complete')
    })
  },
)

interface Trial {
  /** In words, with what it takes to see them again. */
  readonly problems: readonly string[]
  /** Decisions compared, those that let somebody in, and those asked over HTTP as well. */
  readonly compared: number
  readonly allowed: number
  readonly checked: number
  readonly statuses: readonly PermissionsStatus[]
}

async function tryWorld(
  database: SecuredDatabase,
  seed: number,
  flavour: Flavour,
  state: 'whole' | 'broken' = 'whole',
): Promise<Trial> {
  const world = withTexts(randomWorld(seed))
  const options = { world, flavour, ...(state === 'broken' && { faults: faultsFor(seed) }) }
  return serving(options, async (sandbox) => {
    await database.admin.query('truncate elements, elements_documents')
    await deliver(database.url, sandbox, options)
    const truth = flavour === 'cloud' ? world : dataCenterWorld(world)
    const trial = await compare({ database, sandbox, flavour, truth }, state)
    return {
      ...trial,
      problems: trial.problems.map((problem) => `OUTFLOW_TEST_SEED=${seed}, ${state}: ${problem}`),
    }
  })
}

/** Half of what permissions are made from is not answered. */
const faultsFor = (seed: number) =>
  ['/restriction', '/permissions', '/role-assignments', '/folders/'].map((on) => ({
    effect: { kind: 'status', status: 404 } as const,
    ...{ on, probability: 0.4, seed },
  }))

/** A page without text has no elements, and nothing to find. */
function withTexts(world: MemoryWorld): MemoryWorld {
  for (const node of nodesOf(world)) world.edit(node, `<h1>${node.title}</h1><p>Text of ${node.id}.</p>`)
  return world
}

const nodesOf = (world: World): readonly WorldNode[] =>
  world.spaces.flatMap(({ id }) =>
    (['page', 'blogpost'] as const).flatMap((type) => {
      const nodes = world.list(id, type)
      return Array.from({ length: nodes.length }, (_, index) => nodes.at(index))
    }),
  )

async function deliver(url: string, sandbox: Sandbox, { flavour }: SandboxOptions): Promise<void> {
  const source = confluence({ ...settingsFor(sandbox, flavour), max_num_of_docs_from_each_space: 0 })
  for await (const event of run({ source, steps: [html({})], destination: postgres({ url }) }))
    if (event.type === 'document.failed' && event.stage === 'upload') throw new Error(event.error.message)
    else if (event.type === 'job.finished' && event.outcome === 'failed')
      throw new Error(event.error?.message)
}

interface Case {
  readonly database: SecuredDatabase
  readonly sandbox: Sandbox
  readonly flavour: Flavour
  readonly truth: World
}

async function compare(facts: Case, state: 'whole' | 'broken'): Promise<Trial> {
  const { database, sandbox, flavour, truth } = facts
  const { rows } = await database.admin.query<{ id: string; permissions: DocumentPermissions }>(
    'select id, permissions from elements_documents order by id',
  )
  const documents = rows.map(({ id, permissions }) => ({
    id,
    status: permissions.status,
    node: truth.node(id.slice(id.lastIndexOf('/') + 1))!,
  }))
  const problems =
    state === 'whole'
      ? notDelivered(
          truth,
          documents.map(({ node }) => node.id),
        )
      : []
  let [compared, allowed, checked] = [0, 0, 0]
  for (const visitor of visitorsOf(truth)) {
    const viewer = viewerOf(truth, visitor)
    const person = personOf(visitor, truth, spellings[flavour])
    const found = await foundBy(database.reader, tokenFor(person))
    for (const [index, { id, node, status }] of documents.entries()) {
      compared++
      const may = viewer.may('read', node)
      if (may) allowed++
      const finds = found.elements.has(id)
      if (finds !== found.documents.has(id)) problems.push(`the tables disagree: ${node.title}`)
      if (finds && !may) problems.push(`over-grant: ${person.sub ?? 'anonymous'} finds "${node.title}"`)
      if (!finds && may && status === 'complete')
        problems.push(`under-grant: ${person.sub ?? 'anonymous'} does not find "${node.title}"`)
      if (state === 'broken' || index !== checked || !mayAsk(facts)) continue
      checked++
      const asked = { id: node.id, operation: 'read', user: person.sub }
      if ((await permissionCheck(sandbox, flavour, asked)) !== may)
        problems.push(`permission check disagrees: ${person.sub ?? 'anonymous'} on ${node.id}`)
    }
  }
  return { problems, compared, allowed, checked, statuses: documents.map(({ status }) => status) }
}

const mayAsk = ({ flavour, truth }: Case) =>
  flavour === 'data-center' || viewerOf(truth, truth.crawler).isAdmin

/** What the crawler may open has to be there, or finding nothing wrong would mean nothing. */
function notDelivered(truth: World, ids: readonly string[]): string[] {
  const viewer = viewerOf(truth, truth.crawler)
  return nodesOf(truth)
    .filter((node) => node.status === 'current' && viewer.may('read', node) && !ids.includes(node.id))
    .map(({ title }) => `not delivered: "${title}"`)
}

/** What an application knows of a person from its directory. */
function personOf(visitor: User | undefined, world: World, spelling: Spelling): Person {
  if (visitor === undefined) return {}
  const groups = world.groups.filter(({ members }) => members.has(visitor.accountId))
  const classes = [
    ...(groups.some(({ access }) => access === 'user') ? ['ALL_LICENSED_USERS'] : []),
    ...(groups.some(({ access }) => access === 'admin') ? ['ALL_PRODUCT_ADMINS'] : []),
  ]
  return { sub: spelling.user(visitor), groups: [...groups.map(spelling.group), ...classes] }
}
