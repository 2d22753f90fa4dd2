import { describe, expect, it } from 'vitest'
import type { Content } from '../model/content.ts'
import type { Destination, Listed, Partitioner, Source } from '../model/contracts.ts'
import type { Document } from '../model/document.ts'
import type { Element } from '../model/element.ts'
import { OutflowError } from '../model/errors.ts'
import type { JobFinished, RunEvent } from '../model/events.ts'
import { unknownPermissions } from '../model/permissions.ts'
import { run } from './run.ts'

/** A source over a list, the smallest there can be. */
function listSource(entries: readonly (Listed | OutflowError)[], text = 'hello'): Source {
  return {
    role: 'source',
    name: 'list',
    checks: () => [],
    async *index({ signal }) {
      for (const entry of entries) {
        if (signal.aborted) return
        if (entry instanceof OutflowError) throw entry
        yield entry
      }
    },
    download: async (): Promise<Content> => ({ mediaType: 'text/plain', bytes: text.length, body: { text } }),
    usage: () => ({ requests: 7, retries: 1, waitedSeconds: 0.5 }),
    close: async () => {},
  }
}

const plain: Partitioner = {
  role: 'partition',
  name: 'plain',
  accepts: (mediaType) => mediaType === 'text/plain',
  partition: async (content) => [element('text' in content.body ? content.body.text : '')],
}

const element = (text: string): Element => ({ type: 'NarrativeText', element_id: text, text, metadata: {} })

function memory(fail?: (document: Document) => void) {
  const stored = new Map<string, readonly Element[]>()
  let summary: JobFinished | undefined
  const destination: Destination = {
    role: 'destination',
    name: 'memory',
    open: async () => {},
    upload: async (document, elements) => {
      fail?.(document)
      stored.set(document.id, elements)
      return document.id
    },
    finish: async (finished) => {
      summary = finished
    },
    close: async () => {},
  }
  return { destination, stored, summary: () => summary }
}

function document(id: string, mediaType = 'text/plain'): Document {
  return {
    place: { site: 'wiki', objectId: id, spaceId: '9', parentIds: [] },
    ...{ id, kind: 'page', title: `Page ${id}`, url: `https://wiki/${id}`, space: 'S', path: `S/${id}` },
    ...{ filename: `${id}.html`, mediaType, version: '3', ancestors: ['Home'], labels: [], author: 'Ada' },
    createdAt: new Date('2026-01-02T03:04:05Z'),
    recordLocator: { space_id: 'S', document_id: id },
    permissions: unknownPermissions('nobody said'),
  }
}

const listed = (id: string): Listed => ({ type: 'document', document: document(id) })

async function eventsOf(iterable: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  for await (const event of iterable) events.push(event)
  return events
}

const last = (events: readonly RunEvent[]) => events.at(-1) as JobFinished

const error = (kind: ConstructorParameters<typeof OutflowError>[0]['kind']) =>
  new OutflowError({ kind, code: `test.${kind}`, message: `A ${kind} error.` })

describe('run', () => {
  it('takes every document to the destination and adds up', async () => {
    const { destination, stored, summary } = memory()
    const events = await eventsOf(
      run({ source: listSource([listed('1'), listed('2')]), steps: [plain], destination }),
    )
    expect([...stored.keys()]).toEqual(['1', '2'])
    expect(last(events)).toMatchObject({
      outcome: 'finished',
      coverage: {
        found: 2,
        done: 2,
        access_changed: 0,
        unchanged: 0,
        skipped: 0,
        not_permitted: 0,
        unsupported: 0,
        failed: 0,
      },
      ...{ requests: 7, retries: 1, waited_seconds: 0.5 },
      permissions: { unknown: 2 },
    })
    expect(summary()).toEqual(last(events))
  })

  it('gives every element the same data source, with dates in epoch seconds', async () => {
    const { destination, stored } = memory()
    await eventsOf(run({ source: listSource([listed('1')]), steps: [plain], destination }))
    expect(stored.get('1')![0]!.metadata).toMatchObject({
      ancestors: ['Home'],
      author: 'Ada',
      data_source: {
        ...{ url: 'https://wiki/1', version: '3', date_created: '1767323045', filesize_bytes: 5 },
        record_locator: { space_id: 'S', document_id: '1' },
        permissions_data: [
          { read: { users: [], groups: [] } },
          { update: { users: [], groups: [] } },
          { delete: { users: [], groups: [] } },
        ],
        permissions_status: 'unknown',
        permissions_reason: 'nobody said',
      },
    })
    expect(stored.get('1')![0]!.metadata).not.toHaveProperty('labels')
  })

  it('counts what the source leaves out, by its reason', async () => {
    const { type: _, ...ref } = { type: 0, ...document('9') }
    const { destination } = memory()
    const source = listSource([
      { type: 'skipped', document: ref, rule: 'labels' },
      { type: 'not_permitted', document: ref, error: { kind: 'permission', code: 'x', message: 'No.' } },
      { type: 'unsupported', document: ref, reason: 'odd' },
      { type: 'failed', document: ref, error: { kind: 'transient', code: 'x', message: 'Broken.' } },
      { type: 'truncated', space: 'S', setting: 'max', limit: 4, available: 9 },
      { type: 'document', document: document('10', 'image/png'), content: async () => picture },
    ])
    const { outcome, coverage, truncated } = last(
      await eventsOf(run({ source, steps: [plain], destination })),
    )
    expect(outcome).toBe('finished_with_failures')
    expect(coverage).toEqual({
      ...{
        found: 5,
        done: 0,
        access_changed: 0,
        unchanged: 0,
        skipped: 1,
        not_permitted: 1,
        unsupported: 2,
        failed: 1,
      },
    })
    expect(truncated).toEqual({ S: { setting: 'max', limit: 4, available: 9 } })
  })

  it('loses one document to a content error, and no other', async () => {
    const { destination, stored } = memory(({ id }) => {
      if (id === '2') throw error('content')
    })
    const source = listSource([listed('1'), listed('2'), listed('3')])
    const events = await eventsOf(run({ source, steps: [plain], destination }))
    expect([...stored.keys()]).toEqual(['1', '3'])
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'document.failed',
        stage: 'upload',
        document: expect.objectContaining({ id: '2' }),
      }),
    )
  })

  it('stops when the destination says that nothing can be written any more', async () => {
    const { destination, stored } = memory(() => {
      throw error('config')
    })
    const many = Array.from({ length: 1000 }, (_, index) => listed(String(index)))
    const {
      outcome,
      error: reason,
      coverage,
    } = last(
      await eventsOf(run({ source: listSource(many), steps: [plain], destination }, { concurrency: 2 })),
    )
    expect(outcome).toBe('failed')
    expect(reason?.code).toBe('test.config')
    expect(coverage.failed).toBeLessThan(10)
    expect(coverage.found).toBe(coverage.failed)
    expect(stored.size).toBe(0)
  })

  it('ends as failed, with the reason, when the listing breaks; what came before is kept', async () => {
    const { destination, stored } = memory()
    const source = listSource([listed('1'), error('throttled'), listed('2')])
    const finished = last(await eventsOf(run({ source, steps: [plain], destination })))
    expect(finished).toMatchObject({
      outcome: 'failed',
      error: { code: 'test.throttled' },
      coverage: { found: 1, done: 1 },
    })
    expect(stored.size).toBe(1)
  })

  it('finishes what is under way when it is stopped, and still adds up', async () => {
    const stop = new AbortController()
    const { destination, stored } = memory(() => stop.abort())
    const many = Array.from({ length: 100 }, (_, index) => listed(String(index)))
    const { outcome, coverage } = last(
      await eventsOf(
        run(
          { source: listSource(many), steps: [plain], destination },
          { signal: stop.signal, concurrency: 2 },
        ),
      ),
    )
    expect(outcome).toBe('stopped')
    expect(coverage.found).toBeLessThan(100)
    expect(coverage.done).toBe(coverage.found)
    expect(stored.size).toBe(coverage.done)
  })

  it('closes both ends when the consumer walks away', async () => {
    const closed: string[] = []
    const { destination } = memory()
    const source = {
      ...listSource([listed('1'), listed('2')]),
      close: async () => void closed.push('source'),
    }
    const watched = { ...destination, close: async () => void closed.push('destination') }
    for await (const event of run({ source, steps: [plain], destination: watched }))
      if (event.type === 'document.found') break
    expect(closed).toEqual(['destination', 'source'])
  })

  it('refuses steps that cannot work, before anything is opened', async () => {
    const { destination } = memory()
    const source = listSource([])
    const chunk = {
      role: 'chunk',
      name: 'c',
      apply: async (elements: readonly Element[]) => elements,
    } as const
    await expect(eventsOf(run({ source, steps: [], destination }))).rejects.toMatchObject({
      code: 'plan.no_partitioner',
    })
    await expect(eventsOf(run({ source, steps: [chunk, plain], destination }))).rejects.toMatchObject({
      code: 'plan.order',
    })
  })
})

const picture: Content = { mediaType: 'image/png', bytes: 1, body: { text: '' } }
