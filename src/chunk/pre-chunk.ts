/**
 * Puts elements together, in their order, while they fit into one chunk.
 *
 * @module
 */

import { collapseSpace } from '../kit/whitespace.ts'
import type { Element } from '../model/element.ts'
import type { Rules } from './options.ts'

/** Elements that become one chunk, or the pieces of one. */
export interface PreChunk {
  readonly elements: readonly Element[]
  /** The texts of the elements, an empty line between them. */
  readonly body: string
  /** The body, behind what the chunk shares with the one before. */
  readonly text: string
}

const separator = '\n\n'

/** Elements without text cost nothing and could come without end; what a chunk holds has one. */
export const mostElements = 10_000

const isTable = ({ type }: Element) => type === 'Table'

/** Whether it is one table and nothing else. */
export const isTableAlone = ({ elements: [first, second] }: Pick<PreChunk, 'elements'>) =>
  first !== undefined && second === undefined && isTable(first)

/** The text of an element in a chunk: code as it is, all other white space even. */
const textIn = ({ type, text }: Element) => (type === 'CodeSnippet' ? text : collapseSpace(text))

/** Texts with an empty line between them; those without text leave none. */
export const joined = (texts: readonly string[]) => texts.filter((text) => text !== '').join(separator)

interface Open {
  /** What is shared with the chunk before. */
  shared: string
  readonly elements: Element[]
  /** Of all texts, without what stands between them. */
  size: number
  texts: number
}

/** Takes elements one by one, and gives a pre-chunk as soon as it is complete. */
export interface PreChunker {
  /** @param opens whether a new chunk begins here, whatever would fit */
  add(element: Element, opens: boolean): PreChunk | undefined
  end(): PreChunk | undefined
}

/** Holds no more than one chunk. */
export function createPreChunker(rules: Rules): PreChunker {
  let open = opened('', rules)
  const close = (): PreChunk | undefined => {
    if (open.elements.length === 0) return undefined
    const done = preChunkOf(open)
    open = opened(sharedWithNext(done, rules), rules)
    return done
  }
  return {
    add(element, opens) {
      const size = rules.measure.size(element.text, rules.most)
      const done = opens || !fits(element, size, open, rules) ? close() : undefined
      put(element, size, open)
      return done
    },
    end: close,
  }
}

function opened(shared: string, { measure, most }: Rules): Open {
  return { shared, elements: [], size: measure.size(shared, most), texts: shared === '' ? 0 : 1 }
}

function fits(
  element: Element,
  size: number,
  open: Open,
  { measure, most, soft, isolateTable }: Rules,
): boolean {
  const { elements, texts } = open
  if (elements.length === 0) return true
  if (elements.length >= mostElements) return false
  if (isolateTable && (isTable(element) || isTableAlone(open))) return false
  if (open.size + Math.max(0, texts - 1) * measure.gap > soft) return false
  return size <= most - open.size - texts * measure.gap
}

function put(element: Element, size: number, open: Open): void {
  if (open.elements.length === 0 && isTable(element)) {
    // A table begins with itself.
    Object.assign(open, { shared: '', size: 0, texts: 0 })
  }
  open.elements.push(element)
  if (element.text === '') return
  open.size += size
  open.texts++
}

function preChunkOf({ shared, elements }: Open): PreChunk {
  const body = joined(elements.map(textIn))
  return { elements, body, text: joined([shared, body]) }
}

function sharedWithNext(done: PreChunk, { measure, overlapAll }: Rules): string {
  return overlapAll === 0 || isTableAlone(done) ? '' : measure.tail(done.text, overlapAll)
}
