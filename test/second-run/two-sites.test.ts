import { describe, expect, it } from 'vitest'
import files from '../../src/destinations/files.ts'
import type { RunEvent } from '../../src/model/events.ts'
import html from '../../src/partition/html.ts'
import type { RemovalPolicy } from '../../src/pipeline/removals.ts'
import { run } from '../../src/pipeline/run.ts'
import { memoryWorld, type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { newFolder, openLedger, readStored } from './scene.ts'

const ledger = await openLedger()

/** Two pages, with the same ids in every such wiki. */
function wiki(key: string) {
  const world = memoryWorld({ name: key })
  const staff = world.addGroup('staff', [world.crawler])
  const space = world.addSpace(key, key)
  world.grant(space, staff, VIEW)
  world.grant(space, world.crawler, ADMINISTER)
  const home = world.addPage(space, `Home of ${key}`)
  const page = world.addPage(home, `Page of ${key}`, { body: `<p>Words of ${key}.</p>` })
  return { world, home, page }
}

async function runFrom(
  { credentials: { token } }: Sandbox,
  { url, folder, removals = {} }: { url: string; folder: string; removals?: RemovalPolicy },
) {
  const events: RunEvent[] = []
  const source = confluence({ url, token })
  const destination = files({ output_dir: folder })
  for await (const event of run(
    { source, steps: [html({})], destination },
    { memory: { ledger, workflow: folder }, removals },
  ))
    events.push(event)
  const titles = (type: RunEvent['type']) =>
    events
      .flatMap((event) => (event.type === type && 'document' in event ? [event.document.title] : []))
      .sort()
  return {
    removed: titles('document.removed'),
    held: titles('document.held'),
    done: titles('document.done'),
    events,
  }
}

describe('two sites in one folder', () => {
  it('do not answer for one another', async () => {
    const [one, other] = [wiki('ONE'), wiki('OTHER')]
    const first = await startSandbox({ world: one.world, flavour: 'data-center' })
    const second = await startSandbox({ world: other.world, flavour: 'data-center' })
    try {
      const folder = await newFolder()
      await runFrom(first, { url: first.url, folder })
      other.world.trash(other.page)
      const { removed, held } = await runFrom(second, { url: second.url, folder })
      expect(removed).toEqual([])
      expect(held).toEqual(['Home of ONE', 'Page of ONE'])
      const again = await runFrom(first, { url: first.url, folder })
      expect(again.removed).toEqual([])
      const accepted = await runFrom(first, { url: first.url, folder, removals: { accept: true } })
      expect(accepted.removed).toEqual(['Home of OTHER'])
      expect([...(await readStored(folder)).keys()].every((path) => path.startsWith('ONE/'))).toBe(true)
    } finally {
      await first.close()
      await second.close()
    }
  })

  it('are one and the same where the site has got another address', async () => {
    const { world, page } = wiki('ONE')
    const sandbox = await startSandbox({ world, flavour: 'data-center' })
    try {
      const folder = await newFolder()
      await runFrom(sandbox, { url: sandbox.url, folder })
      const url = sandbox.url.replace('127.0.0.1', 'localhost')
      const moved = await runFrom(sandbox, { url, folder })
      expect(moved).toMatchObject({ removed: [], held: [], done: ['Home of ONE', 'Page of ONE'] })
      const quiet = await runFrom(sandbox, { url, folder })
      expect(quiet).toMatchObject({ removed: [], held: [], done: [] })
      world.trash(page)
      expect((await runFrom(sandbox, { url, folder })).removed).toEqual(['Page of ONE'])
      expect((await readStored(folder)).size).toBe(1)
      const after = await runFrom(sandbox, { url, folder })
      expect(after.events.filter(({ type }) => type === 'warning')).toEqual([])
    } finally {
      await sandbox.close()
    }
  })
})
