import { describe, expect, it } from 'vitest'
import files from '../../src/destinations/files.ts'
import type { Enricher } from '../../src/model/contracts.ts'
import { OutflowError } from '../../src/model/errors.ts'
import type { RunEvent } from '../../src/model/events.ts'
import type { Ledger } from '../../src/model/ledger.ts'
import html from '../../src/partition/html.ts'
import { type RunOptions, run } from '../../src/pipeline/run.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { account, newFolder, openLedger } from './scene.ts'
import { type Wiki, wiki } from './table.ts'

const ledger = await openLedger()

/** A step of one's own that fails for the pages with these titles, and counts. */
function stubborn(fails: Set<string>) {
  const seen: string[] = []
  const step: Enricher = {
    role: 'enrich',
    name: 'stubborn',
    async apply(elements, { title }) {
      seen.push(title)
      if (fails.has(title))
        throw new OutflowError({ kind: 'content', code: 'stubborn.no', message: `Not "${title}".` })
      return elements.map((element) => ({ ...element, text: `${element.text}!` }))
    },
  }
  return { step, seen }
}

/** The partitioner, counting. */
function counted() {
  const seen: string[] = []
  const partitioner = html({})
  const { partition } = partitioner
  // In place, since a plugin is known by its object.
  Object.assign(partitioner, {
    partition: (...given: Parameters<typeof partition>) => {
      seen.push(given[1].title)
      return partition(...given)
    },
  })
  return { partitioner, seen }
}

async function scene(act: (tools: Tools) => Promise<void>): Promise<void> {
  const site = wiki('cloud')
  const sandbox = await startSandbox({ world: site.world, flavour: 'cloud' })
  const output = await newFolder()
  const fails = new Set(['Travel', 'Holidays'])
  try {
    await act({
      site,
      fails,
      async run(options) {
        const [first, second] = [counted(), stubborn(fails)]
        const workflow = {
          source: confluence({ url: sandbox.url, ...account(sandbox, 'cloud') }),
          steps: [first.partitioner, second.step],
          destination: files({ output_dir: output }),
        }
        const events: RunEvent[] = []
        for await (const event of run(workflow, { memory: memoryOf(ledger, output), ...options }))
          events.push(event)
        return { events, partitioned: first.seen.toSorted(), enriched: second.seen.toSorted() }
      },
    })
  } finally {
    await sandbox.close()
  }
}

interface Tools {
  readonly site: Wiki
  /** Titles that the step fails for. */
  readonly fails: Set<string>
  run(options?: RunOptions): Promise<{
    readonly events: readonly RunEvent[]
    readonly partitioned: readonly string[]
    readonly enriched: readonly string[]
  }>
}

const memoryOf = (of: Ledger, workflow: string) => ({ ledger: of, workflow })

describe('a retry goes on from the stage that failed', () => {
  it('with the elements that were made before, and nothing else', () =>
    scene(async ({ fails, run: runOnce }) => {
      await runOnce()
      const still = await runOnce({ onlyFailed: true })
      expect(still).toMatchObject({ partitioned: [], enriched: ['Holidays', 'Travel'] })
      fails.clear()
      const last = await runOnce({ onlyFailed: true })
      expect(last).toMatchObject({ partitioned: [], enriched: ['Holidays', 'Travel'] })
      expect(last.events.at(-1)).toMatchObject({ outcome: 'finished', coverage: { found: 2, done: 2 } })
      expect(await runOnce({ onlyFailed: true })).toMatchObject({ partitioned: [], enriched: [] })
      const whole = await runOnce()
      expect(whole).toMatchObject({ partitioned: [], enriched: [] })
    }))

  it('and until then nothing is said to be delivered', () =>
    scene(async ({ site: { travel }, run: runOnce }) => {
      await runOnce()
      const found = await ledger.find({ objectId: travel.id })
      const { entry } = found.toSorted((one, other) => Number(other.changedAt) - Number(one.changedAt))[0]!
      expect(entry).toMatchObject({ state: 'failed', stage: 'enrich', attempts: 1 })
      expect(entry.delivered).toBeUndefined()
    }))

  it('as does a whole run', () =>
    scene(async ({ fails, run: runOnce }) => {
      await runOnce()
      fails.clear()
      expect(await runOnce()).toMatchObject({ partitioned: [], enriched: ['Holidays', 'Travel'] })
    }))

  it('unless the page is another one now', () =>
    scene(async ({ site: { world, travel }, fails, run: runOnce }) => {
      await runOnce()
      fails.clear()
      world.edit(travel, '<p>By sea.</p>')
      expect(await runOnce({ onlyFailed: true })).toMatchObject({
        partitioned: ['Travel'],
        enriched: ['Holidays', 'Travel'],
      })
    }))

  it('for people who may read the page now', () =>
    scene(async ({ site: { world, travel, board }, fails, run: runOnce }) => {
      await runOnce()
      fails.clear()
      world.restrict(travel, 'read', [board])
      const { events, partitioned } = await runOnce({ onlyFailed: true })
      expect(partitioned).toEqual([])
      expect(events.at(-1)).toMatchObject({ outcome: 'finished' })
      // The next run finds nothing to change in it.
      expect((await runOnce()).events.filter(({ type }) => type === 'document.access_changed')).toEqual([])
    }))
})
