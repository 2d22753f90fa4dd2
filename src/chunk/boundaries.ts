/**
 * Where a new chunk begins, whatever would still fit: at titles, at the ends of pages, or where the subject changes.
 *
 * @module
 */

import type { Embed } from '../model/contracts.ts'
import type { Element } from '../model/element.ts'
import type { Rules } from './options.ts'

/** Whether a new chunk begins with this element. Called for every element, in order. */
export type Opens = (element: Element) => boolean

/** The boundaries of a strategy that looks at one element at a time. */
export function boundaries({ strategy, multipageSections }: Rules): Opens {
  if (strategy === 'by_page') return nextPage()
  if (strategy !== 'by_title') return () => false
  if (multipageSections) return isTitle
  const turns = nextPage()
  return (element) => {
    // Both are asked: the page is to be known of each element.
    const turned = turns(element)
    return turned || isTitle(element)
  }
}

const isTitle: Opens = ({ type }) => type === 'Title'

/** Whether an element is on another page than those before; one without a page is on theirs. */
function nextPage(): Opens {
  let page: number | undefined
  return ({ metadata: { page_number: own } }) => {
    const before = page
    page = own ?? before ?? 1
    return before !== undefined && page !== before
  }
}

/** An element and whether a new chunk begins with it. */
export interface Placed {
  readonly element: Element
  readonly opens: boolean
}

/** So many elements are read ahead, for their texts to be embedded in one call. */
const readAhead = 64

/** Elements in order; a new chunk begins where a text is less alike the one before than the threshold. */
export async function* bySubject(
  elements: Iterable<Element> | AsyncIterable<Element>,
  embed: Embed,
  { similarityThreshold }: Rules,
): AsyncGenerator<Placed> {
  let before: readonly number[] | undefined
  for await (const batch of batches(elements, readAhead)) {
    const texts = batch.flatMap(({ text }) => (text === '' ? [] : text))
    const vectors = (texts.length === 0 ? [] : await embed(texts)).values()
    for (const element of batch) {
      const vector = element.text === '' ? undefined : vectors.next().value
      const opens =
        before !== undefined && vector !== undefined && cosine(before, vector) < similarityThreshold
      yield { element, opens }
      before = vector ?? before
    }
  }
}

async function* batches<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  size: number,
): AsyncGenerator<Item[]> {
  let batch: Item[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** How alike two directions are: 1 = the same. 0 where one has none. */
function cosine(one: readonly number[], other: readonly number[]): number {
  let [product, ones, others] = [0, 0, 0]
  for (const [at, value] of one.entries()) {
    const paired = other[at] ?? 0
    product += value * paired
    ones += value * value
    others += paired * paired
  }
  return product === 0 ? 0 : product / Math.sqrt(ones * others)
}
