/**
 * The property that everything rests on, tried on one random world: what is emitted lets in exactly whom Confluence lets in.
 *
 * @module
 */

import { type Operation, viewerOf } from '../../src/sandbox/access.ts'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts'
import { type Random, randomFrom } from '../../src/sandbox/random.ts'
import { audit, type Emitted, operations, spellings, visitorsOf, type Wrong } from './audit.ts'
import { type Crawled, crawl, type Door, type Flavour, permissionCheck, serving } from './crawl.ts'
import { randomWorld } from './random-world.ts'

export interface Trial {
  readonly seed: number
  /** What is wrong, in words; none is the only success. */
  readonly problems: readonly string[]
  /** Decisions compared, and how many of them were asked over HTTP as well. */
  readonly compared: number
  readonly checked: number
  readonly documents: number
  /** Decisions that let somebody in. */
  readonly allowed: number
  readonly statuses: readonly string[]
}

const versions = ['7.4.0', '7.18.0', '8.5.4', '9.0.1', '9.2.0', '10.0.3'] as const

/** Data Center has had tokens since 7.9. */
const doorsOf = ({ version }: SandboxOptions): readonly Door[] =>
  version === versions[0] ? ['site'] : ['site', 'site', 'token']

/** Traps and versions go with the seed, so that a seed is the whole story. */
function optionsOf(seed: number, flavour: Flavour): SandboxOptions {
  const random = randomFrom(-seed)
  return {
    world: randomWorld(seed),
    flavour,
    version: random.pick(versions),
    contextPath: flavour === 'cloud' ? '' : random.pick(['', '/confluence']),
    traps: { restrictionListSize: random.pick([1, 2, 200]) },
  }
}

export async function tryWorld(seed: number, flavour: Flavour): Promise<Trial> {
  const options = optionsOf(seed, flavour)
  return serving(options, async (sandbox) => {
    const random = randomFrom(seed)
    const crawled = await crawl(sandbox, options, random.pick(doorsOf(options)))
    const { wrong, compared, allowed } = audit(crawled.truth, known(crawled), spellings[flavour])
    const sample = await checkSample({ sandbox, flavour, crawled, random })
    return {
      seed,
      problems: [
        ...wrong.map(inWords),
        ...missing(crawled),
        ...unknown(crawled, flavour),
        ...sample.problems,
      ],
      compared,
      checked: sample.checked,
      documents: crawled.emitted.length,
      allowed,
      statuses: crawled.emitted.map(({ permissions }) => permissions.status),
    }
  })
}

/**
 * The same where the site fails to answer half of what permissions are made from: nobody is let in who may not, and what says that it
 * is complete is exact all the same.
 */
export async function tryBrokenWorld(seed: number, flavour: Flavour): Promise<Trial> {
  const effect = { kind: 'status', status: 404 } as const
  const questions = ['/restriction', '/permissions', '/role-assignments', '/folders/']
  const faults = questions.map((on) => ({ effect, on, probability: 0.4, seed }))
  const options = { ...optionsOf(seed, flavour), faults }
  return serving(options, async (sandbox) => {
    const crawled = await crawl(sandbox, options)
    const { wrong, compared, allowed } = audit(crawled.truth, crawled.emitted, spellings[flavour])
    const complete = new Set(
      crawled.emitted.filter(({ permissions }) => permissions.status === 'complete').map(({ id }) => id),
    )
    return {
      seed,
      problems: wrong.filter(({ kind, id }) => kind === 'over-grant' || complete.has(id)).map(inWords),
      compared,
      checked: 0,
      documents: crawled.emitted.length,
      allowed,
      statuses: crawled.emitted.map(({ permissions }) => permissions.status),
    }
  })
}

const inWords = ({ kind, who, operation, page }: Wrong) => `${kind}: ${who} ${operation} "${page}"`

const known = ({ emitted }: Crawled): readonly Emitted[] =>
  emitted.filter(({ permissions }) => permissions.status !== 'unknown')

/** Every current page, post and file that the crawler may open has to be there, or finding nothing wrong would mean nothing. */
function missing({ truth, emitted }: Crawled): readonly string[] {
  const found = new Set(emitted.map(({ id }) => id))
  const viewer = viewerOf(truth, truth.crawler)
  return truth.spaces.flatMap(({ id }) =>
    (['page', 'blogpost', 'attachment'] as const).flatMap((type) => {
      const nodes = truth.list(id, type)
      return Array.from({ length: nodes.length }, (_, index) => nodes.at(index))
        .filter((node) => node.status === 'current' && viewer.may('read', node) && !found.has(node.id))
        .map(({ title }) => `not listed: "${title}"`)
    }),
  )
}

/** Nothing is unknown but where Data Center does not let the crawler see who has access to a space; and then nobody is let in. */
function unknown({ truth, emitted }: Crawled, flavour: Flavour): readonly string[] {
  const viewer = viewerOf(truth, truth.crawler)
  return emitted.flatMap(({ id, permissions }) => {
    if (permissions.status !== 'unknown') return []
    const space = truth.spaces.find((each) => each.id === truth.node(id)!.spaceId)!
    const mayKnow = flavour === 'cloud' || viewer.isAdmin || viewer.holds(space, 'administer', 'space')
    const lists = Object.values(permissions.data).flatMap((entry) => Object.values(entry))
    return [
      ...(mayKnow ? [`unknown without need: ${id}, ${permissions.reason}`] : []),
      ...(lists.some(({ users, groups }) => users.length + groups.length > 0)
        ? [`unknown, but not empty: ${id}`]
        : []),
    ]
  })
}

interface Sampling {
  readonly sandbox: Sandbox
  readonly flavour: Flavour
  readonly crawled: Crawled
  readonly random: Random
}

/** A few decisions are asked over HTTP too, so that the truth we compare with is the one the sandbox gives to everybody. */
async function checkSample({ sandbox, flavour, crawled, random }: Sampling) {
  const { truth, emitted } = crawled
  const problems: string[] = []
  const mayAsk = flavour === 'data-center' || viewerOf(truth, truth.crawler).isAdmin
  const checked = mayAsk && emitted.length > 0 ? 3 : 0
  for (let count = 0; count < checked; count++) {
    const { id } = random.pick(emitted)
    const operation: Operation = random.pick(operations)
    const visitor = random.pick(visitorsOf(truth))
    const user = visitor && spellings[flavour].user(visitor)
    const decided = viewerOf(truth, visitor).may(operation, truth.node(id)!)
    if ((await permissionCheck(sandbox, flavour, { id, operation, user })) !== decided)
      problems.push(`permission check disagrees: ${user ?? 'anonymous'} ${operation} ${id}`)
  }
  return { problems, checked }
}
