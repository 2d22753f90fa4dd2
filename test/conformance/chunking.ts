/**
 * Chunks: recorded documents and recorded calls.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { chunkElements } from '../../src/chunk/chunk.ts'
import { characters } from '../../src/chunk/measure.ts'
import type { ChunkOptions, Strategy } from '../../src/chunk/options.ts'
import { unpackElements } from '../../src/chunk/orig-elements.ts'
import { reconstructTables } from '../../src/chunk/reconstruct-table.ts'
import { splitText } from '../../src/chunk/split-text.ts'
import type { Element } from '../../src/model/element.ts'
import type { Recorded } from './compare.ts'
import { readCalls, type UnitCall, unwrap } from './recordings.ts'
import type { Case, Known, Suite } from './suite.ts'

type Arguments = Readonly<Record<string, unknown>>

interface RecordedCase {
  readonly strategy: Strategy
  readonly options: Arguments
  readonly chunks: readonly Recorded[]
}

/** In which cases chunks differ, and why. */
export const chunkingKnown: readonly Known[] = []

const isTold = (value: unknown) => value !== null && value !== undefined

function chunked(elements: readonly Recorded[], strategy: Strategy, kwargs: Arguments): Promise<Element[]> {
  const told = Object.fromEntries(Object.entries(kwargs).filter(([, value]) => isTold(value)))
  return chunkElements(elements as readonly Element[], { ...told, strategy } as ChunkOptions)
}

/** What an element that was packed is told by: documents are recorded with its id, calls with random ones. */
type Telling = 'element_id' | 'text'

/** Packed elements, told by one of their fields. Recorded documents tell them so already. */
const originals = (packed: unknown, telling: Telling) =>
  typeof packed === 'string' ? unpackElements(packed).map((element) => element[telling]) : packed

/** Chunks with all that may differ told by its meaning: ids of tables by their order, packed elements by one field. */
function comparable(chunks: readonly (Element | Recorded)[], telling: Telling): object[] {
  const tables = new Map<unknown, string>()
  return chunks.map(({ type, text, metadata: { orig_elements, table_id, ...metadata } }) => {
    if (table_id !== undefined && !tables.has(table_id)) tables.set(table_id, `T${tables.size + 1}`)
    return {
      ...{ type, text, ...metadata },
      ...(table_id !== undefined && { table_id: tables.get(table_id) }),
      ...(orig_elements !== undefined && { orig_elements: originals(orig_elements, telling) }),
    }
  })
}

function compare(
  name: string,
  ours: readonly Element[],
  recorded: readonly Recorded[],
  telling: Telling = 'text',
): Case {
  const [made, expected] = [comparable(ours, telling), comparable(recorded, telling)]
  const at = expected.findIndex((each, index) => !isDeepStrictEqual(each, made[index]))
  if (at === -1 && made.length === expected.length) return { name }
  const difference = `chunk ${at}: ${JSON.stringify(made[at])}, expected ${JSON.stringify(expected[at])}`
  return { name, difference: at === -1 ? `${made.length} chunks, expected ${expected.length}` : difference }
}

function documents(oracle: string): Promise<Case>[] {
  const folder = join(oracle, 'chunking')
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((file) => {
    const { input_elements, cases } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      input_elements: readonly Recorded[]
      cases: readonly RecordedCase[]
    }
    return cases.map(async ({ strategy, options, chunks }) =>
      compare(
        `${file} ${strategy} ${JSON.stringify(options)}`,
        await chunked(input_elements, strategy, options),
        chunks,
        'element_id',
      ),
    )
  })
}

const isElement = (value: unknown) => typeof value === 'object' && value !== null && '$el' in value

/** Calls with elements and chunks, as opposed to stand-ins that a test put in their place. */
const answered = ({ args, result, raises }: UnitCall) =>
  raises === undefined &&
  [args.elements, result].every((list) => Array.isArray(list) && list.every(isElement))

const calls = (oracle: string, name: string, strategy: Strategy) =>
  readCalls(oracle, name)
    .filter(answered)
    .map(async ({ test, args: { elements, ...kwargs }, result }) =>
      compare(
        `${test} ${JSON.stringify(kwargs)}`,
        await chunked(unwrap(elements), strategy, kwargs),
        unwrap(result),
      ),
    )

interface SplitterArguments {
  readonly s: string
  readonly max_characters: number
  readonly overlap: number
}

/** The reference tells the first piece and what is left. That is not left over here, but cut on: told by its own first piece. */
function splitterCase({ test, args, result }: UnitCall): Case {
  const { s, max_characters, overlap } = args as unknown as SplitterArguments
  const cuts = { measure: characters, most: max_characters, overlap }
  const [piece, rest] = result as [string, string]
  const ours = [...splitText(s, cuts)]
  const expected = [piece, ...splitText(rest, cuts)]
  const name = `${test} ${JSON.stringify(args).slice(0, 90)}`
  if (isDeepStrictEqual(ours, expected)) return { name }
  return { name, difference: `${JSON.stringify(ours)}, expected ${JSON.stringify(expected)}` }
}

const reconstructions = (oracle: string) =>
  readCalls(oracle, 'reconstruct_table_from_chunks').map(({ test, args, result }) =>
    compare(test, reconstructTables(unwrap(args.elements) as Element[]), unwrap(result)),
  )

/** Runs the suites of chunks of an oracle folder. */
export async function chunkingSuites(oracle: string): Promise<Suite[]> {
  return [
    { name: 'chunking', cases: await Promise.all(documents(oracle)) },
    { name: 'chunk_elements', cases: await Promise.all(calls(oracle, 'chunk_elements', 'basic')) },
    { name: 'chunk_by_title', cases: await Promise.all(calls(oracle, 'chunk_by_title', 'by_title')) },
    { name: 'TextSplitter', cases: readCalls(oracle, 'TextSplitter').map(splitterCase) },
    { name: 'reconstruct_table_from_chunks', cases: reconstructions(oracle) },
  ]
}
