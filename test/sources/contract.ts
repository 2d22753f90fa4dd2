/**
 * What every source has to keep, whatever it reads. A source's own test calls `keepsTheContract` in a few lines.
 *
 * @module
 */

import { isAbsolute } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Known, Listed, Revisited, Source } from '../../src/model/contracts.ts'
import { type Document, documentRef } from '../../src/model/document.ts'

/** Something to read with at least three documents in it, and the way to change it. */
export interface Subject {
  /** A source with the same settings each time, not opened yet. */
  open(): Source
  /** Takes one of the documents out for good, as its owner would. */
  remove(document: Document): Promise<void>
  dispose(): Promise<void>
}

const emit = () => {}
const context = { signal: new AbortController().signal, emit }

export function keepsTheContract(name: string, start: () => Promise<Subject>): void {
  describe(`the source ${name}`, () => {
    let subject: Subject
    let source: Source
    let listed: readonly Listed[]
    let documents: readonly Document[]

    beforeAll(async () => {
      subject = await start()
      source = subject.open()
      listed = await all(source)
      documents = documentsOf(listed)
    })
    afterAll(async () => {
      await source?.close()
      await subject?.dispose()
    })

    it('passes its own checks', async () => {
      for (const probe of source.checks())
        expect(await probe.run(context), probe.name).toMatchObject({ verdict: 'passed' })
    })

    it('lists each document once, with a place and a path of its own', () => {
      expect(documents.length).toBeGreaterThanOrEqual(3)
      const ids = listed.flatMap((each) => (each.type === 'truncated' ? [] : [each.document.id]))
      expect(new Set(ids).size).toBe(ids.length)
      expect(new Set(documents.map(({ path }) => path.toLowerCase())).size).toBe(documents.length)
      for (const { path, place, id } of documents) {
        expect(id.startsWith(`${place.site}/`)).toBe(true)
        expect(isAbsolute(path) || path.split('/').includes('..')).toBe(false)
      }
    })

    it('tells of every document who may read it, or that nobody knows', () => {
      for (const { permissions } of documents) {
        expect(permissions.data.map((rule) => Object.keys(rule)[0])).toEqual(['read', 'update', 'delete'])
        if (permissions.status !== 'unknown') continue
        expect(permissions.data[0].read).toEqual({ users: [], groups: [] })
        expect(permissions.reason).toBeTruthy()
      }
    })

    it('brings the content of each, by the document alone', async () => {
      const other = subject.open()
      for (const document of documents) {
        const travelled = { ...structuredClone(document) }
        const content = await other.download(travelled, context)
        expect(Object.keys(content.body).length).toBe(1)
        await content.dispose?.()
      }
      await other.close()
    })

    it('lists the same again: ids, versions and all', async () => {
      const again = subject.open()
      expect(documentsOf(await all(again))).toEqual(documents)
      await again.close()
    })

    it('stops when it is told to', async () => {
      const stopped = subject.open()
      const stop = new AbortController()
      const reading = (async () => {
        for await (const _ of stopped.index({ emit, signal: stop.signal })) stop.abort(new Error('enough'))
      })()
      await expect(reading).rejects.toThrow('enough')
      await stopped.close()
    })

    it('knows of a document that is asked for whether it is still there', async () => {
      const [gone, kept] = [documents[0]!, documents[1]!]
      await subject.remove(gone)
      const later = subject.open()
      await all(later)
      const fates = await revisit(later, [gone, kept])
      expect(fates.get(kept.id)).toMatchObject({ found: { type: 'document', document: { id: kept.id } } })
      expect(fates.get(gone.id)).not.toHaveProperty('found')
      await later.close()
    })

    it('proves nothing gone that another place holds', async () => {
      const elsewhere = {
        ...documents[1]!,
        id: 'elsewhere:x/1',
        place: { ...documents[1]!.place, site: 'elsewhere:x' },
      }
      const fate = (await revisit(source, [elsewhere])).get(elsewhere.id)
      expect(fate).toMatchObject({ gone: 'space_out_of_scope' })
    })

    it('can be closed twice', async () => {
      const closed = subject.open()
      await closed.close()
      await closed.close()
    })
  })
}

async function all(source: Source): Promise<readonly Listed[]> {
  return Array.fromAsync(source.index(context))
}

const documentsOf = (listed: readonly Listed[]): readonly Document[] =>
  listed
    .flatMap((each) => (each.type === 'document' ? [each.document] : []))
    .sort((one, other) => (one.id < other.id ? -1 : 1))

async function revisit(source: Source, documents: readonly Document[]): Promise<Map<string, Revisited>> {
  const known: Known[] = documents.map((document) => ({
    document: documentRef(document),
    place: document.place,
  }))
  const fates = await Array.fromAsync(source.revisit!(known, context))
  return new Map(fates.map((fate) => [fate.id, fate]))
}
