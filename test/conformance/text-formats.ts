/**
 * Markdown, plain text, CSV, TSV, JSON and XML: recorded documents and recorded calls.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { FileInput, FileOptions } from '../../src/partition/file.ts'
import { defaultFileOptions } from '../../src/partition/options.ts'
import { readElements } from '../../src/partition/read.ts'
import { firstDifference, type Recorded } from './compare.ts'
import { readCalls, unwrap } from './recordings.ts'
import type { Case, Known, Suite } from './suite.ts'

type Arguments = Readonly<Record<string, unknown>>

interface Recording {
  readonly name: string
  readonly file: FileInput
  readonly kwargs: Arguments
  /** Absent where the reference raised an error. */
  readonly elements?: readonly Recorded[]
}

const endings: Readonly<Record<string, string>> = {
  md: 'markdown_documents',
  txt: 'text_documents',
  csv: 'csv_documents',
  tsv: 'tsv_documents',
  json: 'json_documents',
  ndjson: 'ndjson_files',
  xml: 'xml_documents',
}

const calls: Readonly<Record<string, string>> = {
  partition_md: 'md',
  partition_text: 'txt',
  partition_csv: 'csv',
  partition_tsv: 'tsv',
  partition_json: 'json',
  partition_ndjson: 'ndjson',
  partition_xml: 'xml',
}

function optionsOf(kwargs: Arguments): FileOptions {
  return {
    ...defaultFileOptions(),
    mode: 'compat',
    languages: (kwargs.languages as string[] | undefined) ?? ['auto'],
    detectLanguagePerElement: kwargs.detect_language_per_element === true,
    includeHeader: kwargs.include_header === true,
    xmlKeepTags: kwargs.xml_keep_tags === true,
    ...(typeof kwargs.encoding === 'string' && { encoding: kwargs.encoding }),
  }
}

async function compare({ name, file, kwargs, elements }: Recording): Promise<Case> {
  const signal = new AbortController().signal
  try {
    const read = await readElements(file, optionsOf(kwargs), { signal, lose: () => {} })
    const difference = elements && firstDifference(read, elements)
    return difference === undefined ? { name } : { name, difference }
  } catch (thrown) {
    return { name, difference: `raised ${String(thrown)}` }
  }
}

function documents(oracle: string, ending: string): Recording[] {
  const folder = join(oracle, 'documents', 'expected')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith(`.${ending}.json`) && !name.endsWith('.html.ndjson.json'))
    .map((name) => {
      const recorded = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
        readonly source: string
        readonly kwargs?: Arguments
        readonly elements?: readonly Recorded[]
      }
      const bytes = readFileSync(join(oracle, 'documents', 'inputs', name.slice(0, -'.json'.length)))
      const file = { bytes, filename: basename(recorded.source) }
      return {
        name,
        file,
        kwargs: recorded.kwargs ?? {},
        ...(recorded.elements && { elements: recorded.elements }),
      }
    })
}

/** Calls whose input is there, that cut no chunks and raise no error. */
function recordedCalls(oracle: string, name: string, ending: string): Recording[] {
  const times = new Map<string, number>()
  return readCalls(oracle, name).flatMap(({ args, nlp, raises, result, test }) => {
    const kwargs: Arguments = { ...args, ...(args.kwargs as object | undefined) }
    if (raises !== undefined || kwargs.chunking_strategy !== undefined || !Array.isArray(result)) return []
    const file = inputOf(oracle, kwargs, ending)
    if (!file) return []
    const elements = unwrap(result).map((element) => ({ ...element, _type_from_nlp_stub: nlp }))
    times.set(test, (times.get(test) ?? 0) + 1)
    return [{ name: `${test} #${times.get(test)}`, file, kwargs, elements }]
  })
}

function inputOf(oracle: string, kwargs: Arguments, ending: string): FileInput | undefined {
  const named = (kwargs.metadata_filename ?? kwargs.filename) as string | undefined
  const path = (kwargs.filename ?? (kwargs.file as { readonly $file?: string } | undefined)?.$file) as
    | string
    | undefined
  const mediaType = mediaTypes[ending]!
  const filename = named === undefined ? {} : { filename: basename(named) }
  if (typeof kwargs.text === 'string') return { bytes: Buffer.from(kwargs.text), mediaType, ...filename }
  if (path === undefined) return undefined
  const input = join(oracle, 'documents', 'inputs', path.replace('example-docs/', '').replaceAll('/', '__'))
  return existsSync(input) ? { bytes: readFileSync(input), mediaType, ...filename } : undefined
}

const mediaTypes: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  txt: 'text/plain',
  csv: 'text/csv',
  tsv: 'text/tsv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  xml: 'application/xml',
}

const otherDetector = 'a guess of another language detector'
const otherMarkdown = 'recorded with other extensions of Markdown than those that are the default'

/** In which cases compat mode differs, and why. */
export const textKnown: readonly Known[] = [
  { suite: 'markdown_documents', name: 'umlauts-utf8.md', reason: otherDetector },
  { suite: 'text_documents', name: 'language-docs__UDHR', reason: otherDetector },
  {
    suite: 'text_documents',
    name: 'norwich-city.txt',
    reason: 'the reference guesses a Chinese encoding; the file is UTF-8',
  },
  { suite: 'csv_documents', name: 'csv-with-line-delimiter.csv', reason: otherDetector },
  { suite: 'partition_csv', name: '[csv-with-line-delimiter.csv', reason: otherDetector },
  { suite: 'partition_md', name: 'umlauts', reason: otherDetector },
  { suite: 'partition_md', name: 'non_xml_processing_instruction', reason: otherMarkdown },
  { suite: 'partition_md', name: 'code_fence #2', reason: otherMarkdown },
]

/** What the reference recorded of text formats against what compat mode makes of them. */
export async function textSuites(oracle: string): Promise<Suite[]> {
  const suites: Suite[] = []
  for (const [ending, name] of Object.entries(endings))
    suites.push({ name, cases: await Promise.all(documents(oracle, ending).map(compare)) })
  for (const [name, ending] of Object.entries(calls))
    suites.push({ name, cases: await Promise.all(recordedCalls(oracle, name, ending).map(compare)) })
  return suites
}
