/**
 * A run dies between what it did to the destination and its note of it, and the wiki changes before the next one. Whatever the note says,
 * the destination ends as a first run over the wiki of now would make it.
 */

import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { RunEvent } from '../../src/model/events.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import type { WorldNode } from '../../src/sandbox/world.ts'
import { openStore } from '../../src/store/index.ts'
import { account } from '../second-run/scene.ts'
import { type Wiki, wiki } from '../second-run/table.ts'
import type { DyingRun } from './dying-run.ts'
import { readFiles } from './place.ts'

/** Each test starts several processes. */
vi.setConfig({ testTimeout: 120_000 })

const root = await mkdtemp(join(tmpdir(), 'outflow-meanwhile-'))
const state = join(root, 'state')
beforeAll(async () => (await openStore({ stateDir: state })).close(), 60_000)
afterAll(() => rm(root, { recursive: true, force: true }))

interface Death {
  readonly name: string
  /** What the run that dies has to do. Gives the page that it dies of. */
  readonly before: (wiki: Wiki) => WorldNode
  readonly after: NonNullable<DyingRun['after']>
  /** What happens to that page until the next run. */
  readonly meanwhile: (wiki: Wiki, page: WorldNode) => void
}

const writePets = ({ world, policies }: Wiki) => world.addPage(policies, 'Pets', { body: '<p>No dogs.</p>' })

function moveHolidays({ world, holidays, plans }: Wiki): WorldNode {
  world.move(holidays, plans)
  return holidays
}

function trashHolidays({ world, holidays }: Wiki): WorldNode {
  world.trash(holidays)
  return holidays
}

const deaths: readonly Death[] = [
  {
    name: 'a page is opened by mistake and closed again',
    before({ world, salaries, boardRoom }) {
      world.restrict(boardRoom, 'read', [])
      return salaries
    },
    after: 'updateAccess',
    meanwhile: ({ world, board, boardRoom }) => world.restrict(boardRoom, 'read', [board]),
  },
  {
    name: 'a page gets a label and loses it again',
    before({ world, travel }) {
      world.label(travel, ['train'])
      return travel
    },
    after: 'upload',
    meanwhile: ({ world }, travel) => world.label(travel, []),
  },
  {
    name: 'a page is written and thrown away',
    before: writePets,
    after: 'upload',
    meanwhile: ({ world }, pets) => world.trash(pets),
  },
  {
    name: 'a page is written and moved to another space',
    before: writePets,
    after: 'upload',
    meanwhile: ({ world, plans }, pets) => world.move(pets, plans),
  },
  {
    name: 'a page is moved to another space and back',
    before: moveHolidays,
    after: 'upload',
    meanwhile: ({ world, policies }, holidays) => world.move(holidays, policies),
  },
  {
    name: 'a page is moved to another space and on to a third',
    before: moveHolidays,
    after: 'upload',
    meanwhile: ({ world, attic }, holidays) => world.move(holidays, attic),
  },
  {
    name: 'a page is moved to another space and thrown away',
    before: moveHolidays,
    after: 'upload',
    meanwhile: ({ world }, holidays) => world.trash(holidays),
  },
  {
    name: 'a page is thrown away',
    before: trashHolidays,
    after: 'remove',
    meanwhile: () => undefined,
  },
  {
    name: 'a page is thrown away and fetched back',
    before: trashHolidays,
    after: 'remove',
    meanwhile: ({ world }, holidays) => world.restore(holidays),
  },
  {
    name: 'a page is closed to the account and opened again',
    before({ world, holidays, ben }) {
      world.restrict(holidays, 'read', [ben])
      return holidays
    },
    after: 'updateAccess',
    meanwhile: ({ world }, holidays) => world.restrict(holidays, 'read', []),
  },
]

describe('a run dies before it could write down that', () => {
  it.each(deaths)('$name', ({ before, after, meanwhile }) =>
    within(async ({ site, output, run }) => {
      await run({ output })
      const page = before(site)
      expect(await run({ output, after, page: page.id })).toBe('killed')
      meanwhile(site, page)
      await run({ output })

      const fresh = `${output}-fresh`
      await run({ output: fresh })
      expect(await readFiles({ root, state, output })).toEqual(
        await readFiles({ root, state, output: fresh }),
      )

      const events = await run({ output })
      if (events === 'killed') throw new Error('It was not to be killed.')
      const news = events.filter(({ type }) => !quiet.has(type))
      expect(news).toEqual([])
    }),
  )

  it('a page was written that is closed to the account now: nobody gets in', () =>
    within(async ({ site, output, run }) => {
      await run({ output })
      const page = writePets(site)
      expect(await run({ output, after: 'upload', page: page.id })).toBe('killed')
      site.world.restrict(page, 'read', [site.ben])
      expect(await run({ output })).toContainEqual(expect.objectContaining({ type: 'document.held' }))
      const file = (await readFiles({ root, state, output })).get(`HR/${page.id}.html.json`)
      expect(file).toContain('"permissions_data":[{"read":{"users":[],"groups":[]}}')
    }))
})

/** What a run says that has nothing to do. */
const quiet: ReadonlySet<RunEvent['type']> = new Set([
  'job.started',
  'source.connected',
  'space.started',
  'space.finished',
  'document.found',
  'document.unchanged',
  'job.finished',
])

interface Scene {
  readonly site: Wiki
  readonly output: string
  run(options: Pick<DyingRun, 'output' | 'after' | 'page'>): Promise<readonly RunEvent[] | 'killed'>
}

let scenes = 0

async function within(act: (scene: Scene) => Promise<void>): Promise<void> {
  const site = wiki('cloud')
  const sandbox = await startSandbox({ world: site.world, flavour: 'cloud' })
  const source = { url: sandbox.url, ...account(sandbox, 'cloud'), max_num_of_docs_from_each_space: 0 }
  const output = join(root, `wiki-${++scenes}`)
  try {
    await act({ site, output, run: (options) => start({ source, state, ...options }) })
  } finally {
    await sandbox.close()
  }
}

function start(options: DyingRun): Promise<readonly RunEvent[] | 'killed'> {
  const program = join(import.meta.dirname, 'dying-run.ts')
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk)
  })
  return new Promise((resolve) => {
    child.on('close', (_, signal) => {
      if (signal === 'SIGKILL') return resolve('killed')
      const lines = stdout.trimEnd().split('\n')
      resolve(lines.map((line) => JSON.parse(line) as RunEvent))
    })
  })
}
