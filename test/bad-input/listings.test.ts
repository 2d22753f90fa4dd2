import { describe, expect, it } from 'vitest'
import { type Fault, generatedWorld, startSandbox } from '../../src/sandbox/index.ts'
import { startOutflow } from '../cli/outflow.ts'
import { type Flavour, flavours, newFolder, runArguments, soundOutput, tryCommand, tryRun } from './trying.ts'
import { smallWiki } from './wiki.ts'

/** Where pages are listed. */
const listing: Readonly<Record<Flavour, string>> = {
  cloud: 'GET /wiki/api/v2/spaces/*/pages',
  'data-center': 'GET /rest/api/content/scan?*type=page',
}

type Item = Parameters<NonNullable<Parameters<typeof tryRun>[0]['rewrite']>>[0]['results'][number]

/** Lists of pages and posts, up to what tells one list from another. */
const contentListing = /\/spaces\/\d+\/pages|\/blogposts(?=\?)|\/content(\/scan)?\?.*?type=\w+/

/** Where a page's body is asked for once more. */
const bodies: Readonly<Record<Flavour, (id: string) => string>> = {
  cloud: (id) => `GET /wiki/api/v2/pages?*id=${id}`,
  'data-center': (id) => `GET /rest/api/content?*ids=*${id}`,
}

describe.each(flavours)('listings and answers that misbehave, on %s', (flavour) => {
  const site = (pages = 600, spaces = 2) =>
    generatedWorld({ pages, spaces, seed: 5, flavour, bodySize: [100, 300] })

  it('a cursor that repeats: the space counts as failed, what came of it is kept, the run is incomplete', async () => {
    const { code, said, output } = await tryCommand({
      world: site(600, 1),
      flavour,
      faults: [{ effect: { kind: 'repeat-cursor' }, on: listing[flavour] }],
      flags: ['--max-num-of-docs-from-each-space', '0'],
    })
    expect({ code, said }).toEqual({ code: 3, said: expect.stringContaining('confluence.listing.repeats') })
    const { job, notDone } = await soundOutput(output)
    expect(job.coverage).toMatchObject({ failed: 1 })
    expect(job.coverage.done).toBeGreaterThan(0)
    expect(notDone[0]).toMatchObject({ state: 'failed', stage: 'index' })
  })

  it('a next link that skips: nothing is skipped', async () => {
    const { job } = await tryRun({ world: site(), flavour, faults: [{ effect: { kind: 'wrong-start' } }] })
    expect(job).toMatchObject({ outcome: 'finished', coverage: { found: 600, done: 600 } })
  })

  it('empty pages in the middle: nothing is lost', async () => {
    const { job } = await tryRun({ world: site(), flavour, faults: [{ effect: { kind: 'empty-page' } }] })
    expect(job).toMatchObject({ outcome: 'finished', coverage: { found: 600, done: 600 } })
  })

  it('a storm of 429 with and without a time: waits, and loses nothing', async () => {
    const storm: readonly Fault[] = [
      {
        effect: { kind: 'status', status: 429, retryAfter: { seconds: 0, as: 'seconds' } },
        probability: 0.3,
        seed: 4,
      },
      { effect: { kind: 'status', status: 429 }, from: 10, count: 2 },
    ]
    const { job } = await tryRun({ world: site(120), flavour, faults: storm })
    expect(job).toMatchObject({ outcome: 'finished', coverage: { found: 120, done: 120 } })
    expect(job.retries).toBeGreaterThan(3)
    expect(job.waited_seconds).toBeGreaterThan(0)
  })

  it('a Retry-After of 2^63-1: stops at once, to be continued later', async () => {
    const { code, said, output } = await tryCommand({
      world: site(),
      flavour,
      faults: [{ effect: { kind: 'status', status: 429, retryAfter: 'never' }, from: 15 }],
    })
    expect({ code, said }).toEqual({ code: 5, said: expect.stringMatching(/wait for ever/) })
    const { job } = await soundOutput(output)
    expect(job).toMatchObject({ outcome: 'failed', error: { code: 'http.blocked' } })
    expect(job.seconds).toBeLessThan(10)
  })

  it('a site that hangs: Ctrl-C ends it in good order', async () => {
    const sandbox = await startSandbox({
      world: site(),
      flavour,
      faults: [{ effect: { kind: 'hang' }, on: listing[flavour], from: 2 }],
    })
    const output = await newFolder()
    const { child, outcome } = startOutflow([
      ...runArguments(sandbox, flavour),
      '--output-dir',
      output,
      '--json',
    ])
    child.stdout!.once('data', () => setTimeout(() => child.kill('SIGINT'), 500))
    const { code } = await outcome
    expect(code).toBe(130)
    expect((await soundOutput(output)).job.outcome).toBe('stopped')
    await sandbox.close()
  })

  it('one answer in ten fails, breaks off or is cut: nothing is lost', async () => {
    const bad = (effect: Fault['effect'], seed: number): Fault => ({ effect, probability: 0.05, seed })
    const faults = [
      bad({ kind: 'status', status: 503 }, 11),
      bad({ kind: 'truncate' }, 12),
      bad({ kind: 'reset' }, 13),
    ]
    const { job } = await tryRun({ world: site(300), flavour, faults })
    expect(job).toMatchObject({ outcome: 'finished', coverage: { found: 300, done: 300 } })
  })

  it('items that come twice, within a page and across pages: one document each', async () => {
    const last = new Map<string, Item>()
    const { job, events } = await tryRun({
      world: site(900, 2),
      flavour,
      rewrite: ({ results }, path) => {
        const [list] = contentListing.exec(path) ?? []
        if (list === undefined || results.length === 0) return
        const again = [results[0]!, ...(last.has(list) ? [last.get(list)!] : [])]
        last.set(list, results.at(-1)!)
        results.push(...again)
      },
    })
    expect(last.size).toBe(2)
    expect(job).toMatchObject({ outcome: 'finished', coverage: { found: 900, done: 900 } })
    const ids = events.flatMap((event) => (event.type === 'document.found' ? [event.document.id] : []))
    expect(new Set(ids).size).toBe(900)
  })

  it('a page that is purged before its turn to be fetched again: reported as failed, the rest arrives', async () => {
    const wiki = smallWiki()
    const filler = `<p>${'x'.repeat(5_000_000)}</p>`
    const list = '<ac:structured-macro ac:name="children" />'
    wiki.world.addPage(wiki.home, 'Large list', { body: list + filler })
    const page = wiki.world.addPage(wiki.home, 'Fleeting', { body: list + filler })
    const tried = await tryRun({
      world: wiki.world,
      flavour,
      faults: [
        { effect: { kind: 'change', change: () => wiki.world.purge(page) }, on: bodies[flavour](page.id) },
      ],
    })
    expect(tried.job).toMatchObject({
      outcome: 'finished_with_failures',
      coverage: { found: 4, done: 3, failed: 1 },
    })
    expect(tried.notDone[0]).toMatchObject({ document: { title: 'Fleeting' } })
  })
})

describe('on Cloud, where a second list tells of the same pages,', () => {
  it('a list of pages that ends early as if that were all: what the search index knows beside it is read too', async () => {
    const seen = new Set<string>()
    const { job } = await tryRun({
      world: generatedWorld({ pages: 900, spaces: 2, seed: 5, flavour: 'cloud', bodySize: [100, 300] }),
      flavour: 'cloud',
      rewrite: (listing, path) => {
        const [list] = contentListing.exec(path) ?? []
        if (list === undefined || listing.results.length < 100) return
        seen.add(list)
        listing._links = {}
        delete listing.nextCursor
      },
    })
    expect(seen.size).toBe(2)
    expect(job).toMatchObject({ outcome: 'finished', coverage: { found: 900, done: 900 } })
  })
})
