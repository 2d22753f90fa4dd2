/**
 * What every ledger keeps to, wherever its rows are.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobFinished } from '../../src/model/events.ts'
import type { Ledger, LedgerEntry, Leftover } from '../../src/model/ledger.ts'
import type { Store } from '../../src/store/index.ts'
import { batchesOf, entries, entry, titled } from './entries.ts'

const context = { signal: new AbortController().signal }

/** @param open called once, before the first test; its store is shared, so every test keeps to a workflow of its own */
export function ledgerContract(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store
    let ledger: Ledger
    beforeAll(async () => {
      store = await open()
      ledger = store.ledger
    })
    afterAll(() => store.close())

    const all = async (workflow: string) => (await batchesOf(ledger, workflow)).flat()

    describe('entries', () => {
      it('come back as they were recorded, whatever is in them', async () => {
        const workflow = randomUUID()
        const given: LedgerEntry[] = [
          entry(1),
          bare(2, 'skipped', { reason: 'space is archived' }),
          bare(3, 'not_permitted', { error: problem }),
          bare(4, 'failed', { stage: 'partition', attempts: 3, error: { ...problem, fix: 'Look.' } }),
          entry(5, { state: 'held', reason: 'lost_access: hidden' }),
          entry(6, { state: 'removed', reason: 'trashed' }),
          entry(7, { place: { ...entry(7).place, parentIds: [] } }),
        ]
        await ledger.record(workflow, given)
        expect(await all(workflow)).toEqual(given)
      })

      it.each([
        ['other scripts and emoji', 'Über 東京 🙈👩‍👩‍👧 עברית \u202e'],
        ['quotes, backslashes and escapes', `\\u0000 \\ " ' $1 \n\t {"a":1} \\x00`],
        ['U+0000, which PostgreSQL refuses', 'a\0b\0'],
        ['halves of surrogate pairs', '\ud83d cut \ude00'],
        ['the mark of an escape', '\ufdd0 \ufdd00000 \u001a'],
        ['a megabyte', 'ä'.repeat(500_000)],
        ['nothing', ''],
      ])('keep a title of %s, and are found by it', async (_, title) => {
        const workflow = randomUUID()
        const given = titled(1, title)
        await ledger.record(workflow, [
          given,
          bare(2, 'failed', { attempts: 1, error: { ...problem, message: title } }),
        ])
        const [first, second] = await all(workflow)
        expect(first).toEqual(given)
        expect(second!.error).toEqual({ ...problem, message: title })
        const found = await ledger.find({ title })
        expect(found.filter((each) => each.workflow === workflow).map((each) => each.entry)).toEqual([given])
      })

      it('keep an address longer than an index takes', async () => {
        const workflow = randomUUID()
        const { document, ...rest } = entry(1)
        const noise = Array.from({ length: 300 }, () => randomUUID()).join('/')
        const given = { ...rest, document: { ...document, url: `https://acme.atlassian.net/${noise}` } }
        await ledger.record(workflow, [given])
        expect(await ledger.find({ url: given.document.url })).toMatchObject([{ entry: given }])
      })

      it('are replaced, and leave nothing of what they were', async () => {
        const workflow = randomUUID()
        await ledger.record(workflow, [
          entry(1),
          bare(2, 'failed', { stage: 'upload', attempts: 2, error: problem }),
        ])
        const now = [bare(1, 'skipped', { reason: 'out of scope' }), entry(2, { version: '2' })]
        await ledger.record(workflow, now)
        expect(await all(workflow)).toEqual(now)
      })

      it('are kept by workflow', async () => {
        const [one, other] = [randomUUID(), randomUUID()]
        await ledger.record(one, [entry(1)])
        await ledger.record(other, [entry(1, { version: '9' }), entry(2)])
        expect(await all(one)).toEqual([entry(1)])
        expect(await all(other)).toHaveLength(2)
        expect(await all(randomUUID())).toEqual([])
      })

      it('given twice at once: the later one counts', async () => {
        const workflow = randomUUID()
        await ledger.record(workflow, [entry(1), entry(2), entry(1, { version: '2' })])
        expect(await all(workflow)).toEqual([entry(1, { version: '2' }), entry(2)])
      })

      it('are recorded all or none', async () => {
        const workflow = randomUUID()
        await ledger.record(workflow, [entry(1)])
        const given = [...entries(2500, { version: '2' }), { ...entry(9999), version: undefined }]
        await expect(ledger.record(workflow, given as LedgerEntry[])).rejects.toMatchObject({
          name: 'OutflowError',
          code: 'state.refused',
          kind: 'bug',
        })
        expect(await all(workflow)).toEqual([entry(1)])
      })

      it('none: is nothing to do', async () => {
        const workflow = randomUUID()
        await ledger.record(workflow, [])
        expect(await all(workflow)).toEqual([])
      })

      it('come in batches, 10,000 of them, each once, sorted by id', async () => {
        const workflow = randomUUID()
        const given = entries(10_000)
        await ledger.record(workflow, given.toReversed())
        const batches = await batchesOf(ledger, workflow)
        expect(batches.length).toBeGreaterThan(1)
        expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(5000)
        expect(batches.flat()).toEqual(given)
      })

      it('stop coming when the signal says so', async () => {
        const workflow = randomUUID()
        await ledger.record(workflow, entries(6000))
        const controller = new AbortController()
        const seen: number[] = []
        const read = async () => {
          for await (const batch of ledger.entries(workflow, controller)) {
            seen.push(batch.length)
            controller.abort(new Error('enough'))
          }
        }
        await expect(read()).rejects.toThrow('enough')
        expect(seen).toHaveLength(1)
      })

      it('can be recorded while they are read', async () => {
        const workflow = randomUUID()
        await ledger.record(workflow, entries(5000))
        let count = 0
        for await (const batch of ledger.entries(workflow, context)) {
          count += batch.length
          await ledger.record(
            workflow,
            batch.map((each) => ({ ...each, state: 'held' as const })),
          )
        }
        expect(count).toBe(5000)
        expect((await all(workflow)).every(({ state }) => state === 'held')).toBe(true)
      })

      it('recorded at once by many callers are all there', async () => {
        const workflow = randomUUID()
        await Promise.all(
          Array.from({ length: 40 }, (_, call) =>
            ledger.record(
              workflow,
              Array.from({ length: 25 }, (_, at) => entry(call * 25 + at)),
            ),
          ),
        )
        expect(await all(workflow)).toEqual(entries(1000))
      })
    })

    describe('find', () => {
      it('gives an entry by object id, address or title, in every workflow, and when it changed', async () => {
        const workflows = [randomUUID(), randomUUID()].sort()
        const before = Date.now()
        const given = titled(777_000, `Title ${randomUUID()}`)
        for (const workflow of workflows) await ledger.record(workflow, [given, entry(777_001)])
        for (const by of [
          { objectId: given.place.objectId },
          { url: given.document.url },
          { title: given.document.title },
          { objectId: given.place.objectId, url: 'https://elsewhere' },
        ]) {
          const found = await ledger.find(by)
          expect(found.map(({ workflow }) => workflow)).toEqual(workflows)
          expect(found.map((each) => each.entry)).toEqual([given, given])
          // The server has a clock of its own.
          for (const { changedAt } of found)
            expect(Math.abs(changedAt.getTime() - before)).toBeLessThan(60_000)
        }
      })

      it('finds nothing by what is not there, by part of a title, and by nothing', async () => {
        await ledger.record(randomUUID(), [titled(778_000, 'Exactly this')])
        expect(await ledger.find({ objectId: 'none' })).toEqual([])
        expect(await ledger.find({ title: 'Exactly' })).toEqual([])
        expect(await ledger.find({})).toEqual([])
      })

      it('an entry that is recorded as it was has not changed', async () => {
        const workflow = randomUUID()
        const given = entry(779_000)
        const changedAt = async () =>
          (await ledger.find({ objectId: given.place.objectId }))[0]!.changedAt.getTime()
        await ledger.record(workflow, [given])
        const first = await changedAt()
        await new Promise((resolve) => setTimeout(resolve, 5))
        await ledger.record(workflow, [given])
        expect(await changedAt()).toBe(first)
        await ledger.record(workflow, [{ ...given, attempts: 1 }])
        expect(await changedAt()).toBeGreaterThan(first)
      })
    })

    describe('leftovers', () => {
      it('are kept, replaced and dropped, byte by byte', async () => {
        const workflow = randomUUID()
        const [one, two] = [leftover('1'), leftover('2')]
        await ledger.keep(workflow, [one, two])
        expect(await ledger.leftover(workflow, '1')).toEqual(one)
        expect(await ledger.leftover(randomUUID(), '1')).toBeUndefined()
        const again: Leftover = { ...one, stage: 'upload', elements: new Uint8Array() }
        await ledger.keep(workflow, [one, again])
        expect(await ledger.leftover(workflow, '1')).toEqual(again)
        await ledger.drop(workflow, ['1', 'none'])
        await ledger.drop(workflow, [])
        expect(await ledger.leftover(workflow, '1')).toBeUndefined()
        expect(await ledger.leftover(workflow, '2')).toEqual(two)
      })

      it('may be megabytes', async () => {
        const workflow = randomUUID()
        const given = { ...leftover('big'), elements: new Uint8Array(5_000_000).fill(7) }
        await ledger.keep(workflow, [given])
        const { elements } = (await ledger.leftover(workflow, 'big'))!
        expect(Buffer.compare(elements, given.elements)).toBe(0)
      })
    })

    describe('jobs', () => {
      it('the latest that began is the last one', async () => {
        const workflow = randomUUID()
        expect(await ledger.lastJob(workflow)).toBeUndefined()
        const startedAt = new Date('2026-03-01T12:00:00.123Z')
        const first = { id: randomUUID(), startedAt, recipe: '{"chunk":"by_title"}' }
        await ledger.recordJob(workflow, first)
        expect(await ledger.lastJob(workflow)).toEqual(first)
        await ledger.recordJob(workflow, { ...first, finished })
        expect(await ledger.lastJob(workflow)).toEqual({ ...first, finished })
        const second = { ...first, id: randomUUID() }
        await ledger.recordJob(workflow, second)
        expect(await ledger.lastJob(workflow)).toEqual(second)
        await ledger.recordJob(workflow, { ...first, finished })
        expect(await ledger.lastJob(workflow)).toEqual(second)
        expect(await ledger.lastJob(randomUUID())).toBeUndefined()
      })
    })
  })
}

const problem = { kind: 'permission', code: 'http.forbidden', message: 'No.' } as const

/** Never delivered. */
function bare(number: number, state: LedgerEntry['state'], changes: Partial<LedgerEntry>): LedgerEntry {
  const { delivered: _, ...rest } = entry(number, { state, ...changes })
  return rest
}

function leftover(documentId: string): Leftover {
  const elements = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  return { documentId, stage: 'embed', contentDigest: 'c', recipe: '{"a":"\0"}', elements }
}

const finished: JobFinished = {
  type: 'job.finished',
  outcome: 'finished_with_failures',
  coverage: {
    found: 1,
    done: 0,
    access_changed: 0,
    unchanged: 0,
    skipped: 0,
    not_permitted: 0,
    unsupported: 0,
    failed: 1,
  },
  removed: 0,
  held: 0,
  requests: 12,
  retries: 0,
  waited_seconds: 0.25,
  seconds: 1.5,
  truncated: { HR: { setting: 'max_num_of_docs_from_each_space', limit: 1 } },
  permissions: { complete: 0, partial: 1, unknown: 0 },
  error: { kind: 'config', code: 'a.b', message: 'Title\0' },
}
