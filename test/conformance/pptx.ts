/**
 * Presentations: recorded documents and recorded calls.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { FileOptions, ReadContext } from '../../src/partition/file.ts'
import { finish } from '../../src/partition/finish.ts'
import { defaultFileOptions } from '../../src/partition/options.ts'
import { readPptx } from '../../src/partition/pptx.ts'
import { firstDifference, type Recorded } from './compare.ts'
import { readCalls, unwrap } from './recordings.ts'
import type { Known, Suite } from './suite.ts'

type Arguments = Readonly<Record<string, unknown>>

interface Recording {
  readonly name: string
  /** Path of the input. */
  readonly input: string
  readonly filename: string | undefined
  readonly kwargs: Arguments
  readonly elements: readonly Recorded[]
}

const filetype = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'

/** In which cases compat mode differs, and why. */
export const pptxKnown: readonly Known[] = [
  {
    suite: 'partition_pptx',
    name: '::test_partition_pptx_uses_registered_picture_partitioner',
    reason: 'the test registers a plug-in of its own for pictures',
  },
  {
    suite: 'partition_pptx',
    name: '::test_partition_pptx_respects_detect_language_per_element',
    reason: 'one language is told of an element, not candidates',
  },
]

const context: ReadContext = {
  signal: new AbortController().signal,
  lose: () => {},
  nested: () => Promise.resolve([]),
}

const optionsOf = (kwargs: Arguments): FileOptions => ({
  ...defaultFileOptions(),
  mode: 'compat',
  includePageBreaks: kwargs.include_page_breaks !== false,
  includeSlideNotes: kwargs.include_slide_notes === true,
  languages: (kwargs.languages as string[] | undefined) ?? ['auto'],
  detectLanguagePerElement: kwargs.detect_language_per_element === true,
  startingPageNumber: (kwargs.starting_page_number as number | undefined) ?? 1,
})

async function compare({ name, input, filename, kwargs, elements }: Recording) {
  const options = optionsOf(kwargs)
  const read = await readPptx({ bytes: readFileSync(input) }, options, context)
  const ours = await finish(read, { ...options, filetype, ...(filename !== undefined && { filename }) })
  const difference = firstDifference(ours, elements)
  return difference === undefined ? { name } : { name, difference }
}

function documents(oracle: string): Recording[] {
  const folder = join(oracle, 'documents', 'expected')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pptx.json'))
    .map((name) => {
      const recorded = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
        readonly source: string
        readonly kwargs: Arguments
        readonly elements: readonly Recorded[]
      }
      const input = join(oracle, 'documents', 'inputs', name.slice(0, -'.json'.length))
      return { ...recorded, name, input, filename: basename(recorded.source) }
    })
}

/** Calls whose input is there, that cut no chunks and raise no error. */
function calls(oracle: string): Recording[] {
  return readCalls(oracle, 'partition_pptx').flatMap(({ args, nlp, raises, result, test }) => {
    const kwargs: Arguments = { ...args, ...(args.kwargs as object | undefined) }
    const path = args.filename as string | undefined
    const source = path ?? (args.file as { readonly $file?: string } | undefined)?.$file ?? ''
    const input = join(
      oracle,
      'documents',
      'inputs',
      source.replace('example-docs/', '').replaceAll('/', '__'),
    )
    if (raises !== undefined || kwargs.chunking_strategy !== undefined || source === '') return []
    if (!existsSync(input)) return []
    const elements = unwrap(result).map((element) => ({ ...element, _type_from_nlp_stub: nlp }))
    return [{ name: test, input, filename: path && basename(path), kwargs, elements }]
  })
}

const all = (recordings: readonly Recording[]) => Promise.all(recordings.map(compare))

/** What the reference recorded of presentations against what compat mode makes of them. */
export async function pptxSuites(oracle: string): Promise<Suite[]> {
  return [
    { name: 'pptx_documents', cases: await all(documents(oracle)) },
    { name: 'partition_pptx', cases: await all(calls(oracle)) },
  ]
}
