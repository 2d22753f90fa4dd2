/**
 * Reads recordings of the reference library: documents, snippets and unit calls.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Recorded } from './compare.ts'

export interface Snippet {
  readonly src: string
  readonly html: string
  readonly elements: readonly Recorded[]
}

export interface RecordedDocument {
  readonly name: string
  readonly input: string
  readonly filename: string
  readonly kwargs: Readonly<Record<string, unknown>>
  readonly elements: readonly Recorded[]
}

export interface UnitCall {
  readonly test: string
  readonly args: Readonly<Record<string, unknown>>
  /** Sentence and verb detection were stood in for. */
  readonly nlp: boolean
  readonly raises?: string
  readonly result: unknown
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

function unitFile(oracle: string, name: string): unknown[] {
  const path = join(oracle, 'unit', `${name}.json`)
  return existsSync(path) ? (readJson(path) as unknown[]) : []
}

export const readSnippets = (oracle: string) => unitFile(oracle, 'html_snippets') as Snippet[]

export const readCalls = (oracle: string, name: string) => unitFile(oracle, name) as UnitCall[]

/** The content of an input document; undefined when it is not there. */
export function readInput(oracle: string, name: string): string | undefined {
  const path = join(oracle, 'documents', 'inputs', name)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** Documents whose input ends like this: `.html`. A name may carry a variant: `a.html.images.json`. */
export function readDocuments(oracle: string, ending: string): RecordedDocument[] {
  const folder = join(oracle, 'documents', 'expected')
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const input = new RegExp(`^(.*?${ending.replaceAll('.', '\\.')})(?:\\.[a-z_]+)?\\.json$`).exec(name)?.[1]
    const text = input === undefined ? undefined : readInput(oracle, input)
    if (text === undefined) return []
    const { source, kwargs, elements } = readJson(join(folder, name)) as RecordedDocument & { source: string }
    return [{ name, input: text, filename: basename(source), kwargs, elements }]
  })
}

/** Elements stand as `{"$el": …}` in unit calls. */
export function unwrap(value: unknown): Recorded[] {
  return (value as { $el: Recorded }[]).map(({ $el }) => $el)
}
