/**
 * Elements in, chunks out as they come: what is held meanwhile is about one chunk, however long the document.
 *
 * @module
 */

import { hash } from 'node:crypto'
import type { Element, ElementMetadata, ElementType } from '../model/element.ts'
import { elementId } from '../model/element-id.ts'
import { boundaries, bySubject } from './boundaries.ts'
import { createCombiner } from './combine.ts'
import { consolidate } from './metadata.ts'
import { type ChunkOptions, type Rules, requireEmbedder, rulesOf } from './options.ts'
import { packElements } from './orig-elements.ts'
import { createPreChunker, isTableAlone, type PreChunk } from './pre-chunk.ts'
import { splitText } from './split-text.ts'
import { type TablePiece, tablePieces } from './table.ts'

/**
 * Makes chunks of elements, while these are still coming.
 *
 * @throws {OutflowError} kind `config`, with the first chunk, when options cannot be used
 */
export async function* chunk(
  elements: Iterable<Element> | AsyncIterable<Element>,
  options: ChunkOptions,
): AsyncGenerator<Element> {
  for await (const chunks of chunkLists(elements, options)) {
    for (const each of chunks) yield await inContext(each, options)
  }
}

/** Makes chunks of all elements of a document. @throws {OutflowError} kind `config`, when options cannot be used */
export async function chunkElements(elements: readonly Element[], options: ChunkOptions): Promise<Element[]> {
  const rules = await rulesOf(options)
  const made: Element[] = []
  if (rules.strategy === 'by_similarity' || options.context !== undefined) {
    for await (const each of chunk(elements, options)) made.push(each)
    return made
  }
  for (const chunks of chunksAtOnce(elements, rules)) for (const each of chunks) made.push(each)
  return made
}

async function* chunkLists(
  elements: Iterable<Element> | AsyncIterable<Element>,
  options: ChunkOptions,
): AsyncGenerator<Iterable<Element>> {
  const rules = await rulesOf(options)
  const making = createMaking(rules)
  if (rules.strategy === 'by_similarity') {
    const embed = requireEmbedder(options.embed)
    for await (const { element, opens } of bySubject(elements, embed, rules)) yield making.add(element, opens)
  } else {
    const opens = boundaries(rules)
    for await (const element of elements) yield making.add(element, opens(element))
  }
  yield making.end()
}

function* chunksAtOnce(elements: readonly Element[], rules: Rules): Generator<Iterable<Element>> {
  const making = createMaking(rules)
  const opens = boundaries(rules)
  for (const element of elements) yield making.add(element, opens(element))
  yield making.end()
}

/** The way from element to chunk: gathered, combined, cut, numbered. */
interface Making {
  add(element: Element, opens: boolean): Iterable<Element>
  end(): Iterable<Element>
}

const nothing: readonly Element[] = []

function createMaking(rules: Rules): Making {
  const gathering = createPreChunker(rules)
  const combining = createCombiner(rules)
  const identify = createIdentifier()
  const finish = (done: PreChunk | undefined) => (done === undefined ? nothing : identified(done))
  function* identified(done: PreChunk): Generator<Element> {
    for (const made of chunksOf(done, rules)) yield identify(made)
  }
  return {
    add(element, opens) {
      const gathered = gathering.add(element, opens)
      return gathered === undefined ? nothing : finish(combining.add(gathered))
    },
    *end() {
      const gathered = gathering.end()
      if (gathered !== undefined) yield* finish(combining.add(gathered))
      yield* finish(combining.end())
    },
  }
}

/** Gives ids as a document's elements get them, but counts anew at each change of the page: what came before need not be remembered. */
function createIdentifier(): (made: Element) => Element {
  let page: number | undefined
  let sequence = 0
  return (made) => {
    const own = made.metadata.page_number
    sequence = own === page ? sequence : 0
    page = own
    return { ...made, element_id: elementId(made, sequence++) }
  }
}

function chunksOf(done: PreChunk, rules: Rules): Iterable<Element> {
  const [table] = done.elements
  if (table !== undefined && isTableAlone(done))
    return rules.skipTableChunking ? [table] : tableChunks(table, rules)
  return done.text === '' ? nothing : textChunks(done, rules)
}

function* textChunks({ elements, text }: PreChunk, rules: Rules): Generator<Element> {
  const told = toldBy(metadataOf(elements, rules))
  let index = 0
  for (const piece of splitText(text, rules)) {
    yield made('CompositeElement', piece, index > 0 ? { ...told(index), is_continuation: true } : told(0))
    index += 1
  }
}

function* tableChunks(table: Element, rules: Rules): Generator<Element> {
  const pieces = [...tablePieces(table, rules)]
  const { text_as_html: _, ...metadata } = metadataOf([table], rules)
  const [only, second] = pieces
  if (only !== undefined && second === undefined) {
    yield made('Table', only.text, { ...metadata, ...htmlOf(only) })
    return
  }
  const table_id = tableId(table)
  const told = toldBy(metadata)
  for (const [chunk_index, piece] of pieces.entries())
    yield made('TableChunk', piece.text, {
      ...told(chunk_index),
      ...htmlOf(piece),
      ...{ table_id, chunk_index, num_carried_over_header_rows: piece.carried },
      ...(chunk_index > 0 && { is_continuation: true }),
    })
}

const htmlOf = ({ html }: TablePiece): ElementMetadata => (html === undefined ? {} : { text_as_html: html })

/** The same table has the same id for ever. */
const tableId = ({ element_id, text }: Element) =>
  hash('sha256', `table ${element_id} ${text}`, 'hex').slice(0, 32)

function metadataOf(elements: readonly Element[], { includeOriginals }: Rules): ElementMetadata {
  const metadata = consolidate(elements)
  if (includeOriginals) metadata.orig_elements = packElements(elements)
  return metadata
}

/** Characters that the pieces of one element may come to by what each of them tells of the whole. */
const mostRepeated = 20_000_000

/**
 * What the pieces of an element tell of the whole, by their number. All of them tell it all, as in the reference, until that would come to many
 * times the document: from then on without the whole itself, its links and its emphasis.
 */
function toldBy(metadata: ElementMetadata): (piece: number) => ElementMetadata {
  const {
    orig_elements,
    links,
    link_texts,
    link_urls,
    emphasized_text_contents,
    emphasized_text_tags,
    ...rest
  } = metadata
  const lists = [links, link_texts, link_urls, emphasized_text_contents, emphasized_text_tags]
  const size = (orig_elements?.length ?? 0) + JSON.stringify(lists).length
  return (piece) => (piece > 0 && (piece + 1) * size > mostRepeated ? rest : metadata)
}

const made = (type: ElementType, text: string, metadata: ElementMetadata): Element => ({
  ...{ type, element_id: '', text, metadata },
})

/** The chunk with what the hook says about it. Its id stays that of its own text: the same document has the same ids for ever. */
async function inContext(chunk: Element, { context }: ChunkOptions): Promise<Element> {
  const said = await context?.(chunk)
  if (said === undefined || said === '') return chunk
  return { ...chunk, text: `Prefix: ${said}; Original: ${chunk.text}` }
}
