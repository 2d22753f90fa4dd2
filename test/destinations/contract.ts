/**
 * What every destination has to keep, whatever it writes to. A destination's own test calls `keepsTheContract` in a few lines.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Destination, Stored } from '../../src/model/contracts.ts'
import type { Document } from '../../src/model/document.ts'
import type { Element } from '../../src/model/element.ts'
import { OutflowError } from '../../src/model/errors.ts'
import { type DocumentPermissions, unknownPermissions } from '../../src/model/permissions.ts'
import { documentOf, elementsOf, permissionsFor, storedOf, texts } from './samples.ts'

/** What a destination holds of a document, read back past the destination itself. */
interface Held {
  readonly elements: readonly Pick<Element, 'element_id' | 'type' | 'text'>[]
  /** `undefined` where a document without elements has no place for them. */
  readonly permissions: DocumentPermissions | undefined
  /** Everything else that is stored of it, in any form that can be compared. */
  readonly rest: unknown
}

/** A destination on an empty place of its own, not opened yet, and the way to see what is in it. */
export interface Subject {
  readonly destination: Destination
  /** `undefined` when it holds nothing of the document. */
  held(stored: Stored): Promise<Held | undefined>
  /** Takes a document out as somebody would who knows nothing of Outflow. */
  takeOut(stored: Stored): Promise<void>
  dispose(): Promise<void>
}

/** A destination that can do everything that there is to do. */
type Whole = Destination &
  Required<Pick<Destination, 'identity' | 'updateAccess' | 'remove' | 'missing' | 'read'>>

const context = { signal: new AbortController().signal }

export function keepsTheContract(name: string, start: () => Promise<Subject>): void {
  describe(`the destination ${name}`, () => {
    let subject: Subject
    let destination: Whole
    let last = 100
    const next = (details?: Partial<Document>) => documentOf(++last, details)

    beforeAll(async () => {
      subject = await start()
      destination = whole(subject.destination)
      await destination.open(context)
    })
    afterAll(async () => {
      await destination?.close()
      await subject?.dispose()
    })

    async function upload(
      document: Document,
      elements: readonly Element[],
      before?: Stored,
    ): Promise<Stored> {
      return storedOf(document, await destination.upload(document, elements, context, before))
    }
    const seen = async (stored: Stored) => {
      const held = await subject.held(stored)
      return held && { ...held, elements: held.elements.map(essence) }
    }

    it('names its place without secrets, and stays with the name', () => {
      expect(destination.identity).toMatch(new RegExp(`^${destination.name}:`))
      expect(destination.identity).toBe(subject.destination.identity)
    })

    it('stores elements in order, with the permissions', async () => {
      const document = next()
      const elements = elementsOf(document, texts(7))
      const stored = await upload(document, elements)
      expect(await seen(stored)).toMatchObject({
        elements: elements.map(essence),
        permissions: document.permissions,
      })
    })

    it('reads back what it was given, and with which permissions it is now', async () => {
      const document = next()
      const elements = elementsOf(document, texts(5))
      const stored = await upload(document, elements)
      expect(await destination.read(stored, context)).toEqual(elements)
      const permissions = permissionsFor({ users: ['only-one'] })
      await destination.updateAccess(stored, permissions, context)
      const [first] = (await destination.read(stored, context)) ?? []
      expect(first?.metadata.data_source).toMatchObject({ permissions_data: permissions.data })
      const unknown = next()
      expect(await destination.read({ ...stored, id: unknown.id, receipt: 'X/1.html.json' }, context)).toBe(
        undefined,
      )
    })

    it('replaces: nothing of the earlier version is left, were it longer or shorter', async () => {
      const first = next()
      let before = await upload(first, elementsOf(first, texts(9)))
      for (const [version, count] of [
        ['2', 3],
        ['3', 12],
      ] as const) {
        const document = { ...first, version, permissions: permissionsFor({ groups: [`group ${version}`] }) }
        const elements = elementsOf(document, texts(count))
        before = await upload(document, elements, before)
        expect(await seen(before)).toMatchObject({
          elements: elements.map(essence),
          permissions: document.permissions,
        })
      }
    })

    it('takes the same document twice without a difference', async () => {
      const document = next()
      const stored = await upload(document, elementsOf(document, texts(5)))
      const once = await subject.held(stored)
      const again = await upload(document, elementsOf(document, texts(5)), stored)
      expect(again).toEqual(stored)
      expect(await subject.held(again)).toEqual(once)
    })

    it('follows a document that moved: it is there once', async () => {
      const document = next()
      const before = await upload(document, elementsOf(document, texts(4)))
      const moved = { ...document, version: '2', space: 'ENG', path: `ENG/${document.filename}` }
      const elements = elementsOf(moved, texts(2))
      const stored = await upload(moved, elements, before)
      expect((await seen(stored))?.elements).toEqual(elements.map(essence))
      if (before.receipt !== stored.receipt)
        expect(await subject.held(before)).not.toMatchObject({ elements: { length: 4 } })
    })

    it('keeps documents apart', async () => {
      const [one, other] = [next(), next()]
      const stored = await upload(one, elementsOf(one, texts(3)))
      const before = await subject.held(stored)
      await destination.remove(await upload(other, elementsOf(other, texts(3))), context)
      expect(await subject.held(stored)).toEqual(before)
    })

    it('changes permissions, and nothing else', async () => {
      const document = next()
      const stored = await upload(document, elementsOf(document, texts(6)))
      const before = await subject.held(stored)
      const steps = [
        permissionsFor({ users: ['ben'], groups: ['ANONYMOUS_USERS'] }),
        permissionsFor({ users: ['ben'] }, 'partial'),
        unknownPermissions('The space could not be read.'),
        permissionsFor({ groups: ['hr'] }),
      ]
      for (const permissions of steps) {
        await destination.updateAccess(stored, permissions, context)
        expect(await subject.held(stored)).toEqual({ ...before, permissions })
      }
    })

    it('says so when it is to change permissions of what it does not hold', async () => {
      const stored = storedOf(next(), await receiptOfNothing())
      const change = destination.updateAccess(stored, permissionsFor({}), context)
      await expect(change).rejects.toSatisfy(
        (thrown) => thrown instanceof OutflowError && thrown.kind === 'missing',
      )
    })

    /** A receipt that was good once. */
    async function receiptOfNothing(): Promise<string> {
      const document = next()
      const stored = await upload(document, elementsOf(document, texts(1)))
      await destination.remove(stored, context)
      return stored.receipt
    }

    it('removes, and removes again without complaint', async () => {
      const document = next()
      const stored = await upload(document, elementsOf(document, texts(3)))
      for (let time = 0; time < 2; time++) {
        await destination.remove(stored, context)
        expect(await subject.held(stored)).toBeUndefined()
      }
    })

    it('knows a document without elements', async () => {
      const document = next()
      const stored = await upload(document, [])
      expect((await seen(stored))?.elements).toEqual([])
      expect(await destination.missing([stored], context)).toEqual([])
      await destination.updateAccess(stored, permissionsFor({ users: ['cy'] }), context)
      await destination.remove(stored, context)
      expect(await destination.missing([stored], context)).toEqual([stored.id])
    })

    it('tells what somebody else took out', async () => {
      const documents = Array.from({ length: 5 }, () => next())
      const stored = await Promise.all(
        documents.map((document) => upload(document, elementsOf(document, texts(2)))),
      )
      expect(await destination.missing(stored, context)).toEqual([])
      await subject.takeOut(stored[1]!)
      await destination.remove(stored[3]!, context)
      const missing = await destination.missing(stored, context)
      expect([...missing].sort()).toEqual([stored[1]!.id, stored[3]!.id].sort())
      const again = await upload(documents[1]!, elementsOf(documents[1]!, texts(2)))
      expect(await destination.missing([again], context)).toEqual([])
      expect(await destination.missing([], context)).toEqual([])
    })

    it('stores what people write, wherever they write it', async () => {
      const written = [
        'Grüße, 你好, שלום, 👩🏽‍🚒 and \u{10ffff}',
        'quotes \' " ` $1 $$ \\ \\u0000 \\\\ %s {} [] , NULL',
        'line\nbreak\ttab\r\n\u2028\u0007',
        '',
      ]
      const document = next({
        title: written[0]!,
        labels: written,
        permissions: permissionsFor({ users: written.slice(0, 2), groups: written.slice(1, 2) }),
      })
      const elements = elementsOf(document, written)
      const stored = await upload(document, elements)
      expect(await seen(stored)).toMatchObject({
        elements: elements.map(essence),
        permissions: document.permissions,
      })
    })

    it('stores a document with characters that no text should have: all around them arrives', async () => {
      const document = next({ title: 'NUL \0 in a title' })
      const odd = ['before\0after', 'half \ud83d of a pair', '\udc00 the other half']
      const stored = await upload(document, elementsOf(document, odd))
      const held = await subject.held(stored)
      expect(held?.elements.map(({ text }) => text.replaceAll(/[\0\ufffd]|\p{Surrogate}/gu, '*'))).toEqual([
        'before*after',
        'half * of a pair',
        '* the other half',
      ])
      expect(await destination.missing([stored], context)).toEqual([])
    })

    it('stores 1,000 elements', async () => {
      const document = next()
      const elements = elementsOf(document, texts(1000))
      const stored = await upload(document, elements)
      expect((await seen(stored))?.elements).toEqual(elements.map(essence))
    })

    it('stores elements that are equal to the letter as many times as there are', async () => {
      const document = next()
      const [element] = elementsOf(document, ['Again'])
      const stored = await upload(document, [element!, element!, element!])
      expect((await seen(stored))?.elements).toHaveLength(3)
    })

    it('takes many documents at the same time, and the same one from several sides', async () => {
      const documents = Array.from({ length: 24 }, () => next())
      const stored = await Promise.all(
        documents.map((document) => upload(document, elementsOf(document, texts(5)))),
      )
      for (const each of stored) expect((await subject.held(each))?.elements).toHaveLength(5)
      const [contested] = documents
      await Promise.all([2, 3, 4, 5].map((count) => upload(contested!, elementsOf(contested!, texts(count)))))
      const { elements } = (await subject.held(stored[0]!))!
      expect(elements.map(({ text }) => text)).toEqual(texts(elements.length))
    })

    it('stops when it is told to, and holds the old version or the new one', async () => {
      const document = next()
      const before = elementsOf(document, texts(3))
      const stored = await upload(document, before)
      const abort = new AbortController()
      const after = elementsOf({ ...document, version: '2' }, texts(1000))
      const late = destination
        .upload({ ...document, version: '2' }, after, { signal: abort.signal }, stored)
        .catch((thrown: unknown) => thrown)
      abort.abort(new Error('stopped'))
      await late
      const aborted = destination.upload(document, before, {
        signal: AbortSignal.abort(new Error('stopped')),
      })
      await expect(aborted).rejects.toThrow('stopped')
      const held = await seen(stored)
      expect([before.length, after.length]).toContain(held?.elements.length)
      const again = elementsOf({ ...document, version: '3' }, texts(2))
      const settled = await upload({ ...document, version: '3' }, again, stored)
      expect((await seen(settled))?.elements).toEqual(again.map(essence))
    })
  })
}

const essence = ({ element_id, type, text }: Pick<Element, 'element_id' | 'type' | 'text'>) => ({
  element_id,
  type,
  text,
})

/** What the contract leaves open, every destination of ours does. */
function whole(destination: Destination): Whole {
  const { identity, updateAccess, remove, missing, read } = destination
  if (identity && updateAccess && remove && missing && read)
    return { ...destination, identity, updateAccess, remove, missing, read }
  throw new Error(`The destination ${destination.name} leaves a part of the contract out.`)
}
