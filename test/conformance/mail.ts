/**
 * E-mails, RTF documents and e-books: recorded documents and recorded calls.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Element } from '../../src/model/element.ts'
import { readEml } from '../../src/partition/eml.ts'
import { readEpub } from '../../src/partition/epub.ts'
import type { FileInput, FileOptions, ReadContext, ReadFile } from '../../src/partition/file.ts'
import { finish } from '../../src/partition/finish.ts'
import { defaultFileOptions } from '../../src/partition/options.ts'
import { readRtf } from '../../src/partition/rtf.ts'
import { draftText } from '../../src/partition/text/paragraphs.ts'
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

interface Format {
  readonly ending: string
  readonly filetype: string
  readonly read: ReadFile
}

const formats: readonly Format[] = [
  { ending: 'eml', filetype: 'message/rfc822', read: readEml },
  { ending: 'epub', filetype: 'application/epub', read: readEpub },
  { ending: 'rtf', filetype: 'text/rtf', read: readRtf },
]

/** In which cases compat mode differs, and why. */
export const mailKnown: readonly Known[] = [
  {
    suite: 'partition_rtf',
    name: '::test_partition_rtf_respects_detect_language_per_element',
    reason: 'another language detector finds fewer languages in a mixed text',
  },
]

function optionsOf(kwargs: Arguments): FileOptions {
  return {
    ...defaultFileOptions(),
    mode: 'compat',
    languages: (kwargs.languages as string[] | undefined) ?? ['auto'],
    detectLanguagePerElement: kwargs.detect_language_per_element === true,
    processAttachments: kwargs.process_attachments !== false,
  }
}

const labels: ReadonlySet<string> = new Set(['NarrativeText', 'UncategorizedText', 'Title'])

/** Labels that came from a stand-in for the language model say nothing, but parents hang on them. */
function adoptStandIns(drafts: readonly Element[], recorded: readonly Recorded[]): void {
  for (const [index, draft] of drafts.entries()) {
    const { type, text, _type_from_nlp_stub: standIn } = recorded[index] ?? {}
    if (standIn && draft.text === text && labels.has(draft.type) && labels.has(type ?? ''))
      draft.type = type as Element['type']
  }
}

/** Attached files of the recordings are texts. */
function contextOf(options: FileOptions): ReadContext {
  return {
    signal: new AbortController().signal,
    lose: () => {},
    nested: ({ bytes, filename }: FileInput) =>
      finish(draftText(new TextDecoder().decode(bytes), options), {
        ...options,
        ...(filename !== undefined && { filename }),
        filetype: 'text/plain',
      }),
  }
}

async function compare({ name, input, filename, kwargs, elements }: Recording, { read, filetype }: Format) {
  const options = optionsOf(kwargs)
  const named = filename === undefined ? {} : { filename }
  const drafts = await read({ bytes: readFileSync(input), ...named }, options, contextOf(options))
  adoptStandIns(drafts, elements)
  const ours = await finish(drafts, { ...options, filetype, ...named })
  const difference = firstDifference(ours, elements)
  return difference === undefined ? { name } : { name, difference }
}

function documents(oracle: string, { ending }: Format): Recording[] {
  const folder = join(oracle, 'documents', 'expected')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith(`.${ending}.json`))
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
function calls(oracle: string, name: string): Recording[] {
  return readCalls(oracle, name).flatMap(({ args, nlp, raises, result, test }) => {
    const kwargs: Arguments = { ...args, ...(args.kwargs as object | undefined) }
    const path = args.filename as string | undefined
    const file = (path ?? (args.file as { readonly $file?: string } | undefined)?.$file)?.replace(
      'example-docs/',
      '',
    )
    const input = join(oracle, 'documents', 'inputs', (file ?? '').replaceAll('/', '__'))
    if (raises !== undefined || kwargs.chunking_strategy !== undefined || file === undefined) return []
    if (!existsSync(input) || !Array.isArray(result)) return []
    const elements = unwrap(result).map((element) => ({ ...element, _type_from_nlp_stub: nlp }))
    const filename = (kwargs.metadata_filename as string | undefined) ?? path
    return [{ name: test, input, filename: filename && basename(filename), kwargs, elements }]
  })
}

/** What the reference recorded of e-mails, e-books and RTF against what compat mode makes of them. */
export async function mailSuites(oracle: string): Promise<Suite[]> {
  const suites: Suite[] = []
  for (const format of formats) {
    const cases = documents(oracle, format).map((recording) => compare(recording, format))
    suites.push({ name: `${format.ending}_documents`, cases: await Promise.all(cases) })
    const unit = format.ending === 'eml' ? 'partition_email' : `partition_${format.ending}`
    const called = calls(oracle, unit).map((recording) => compare(recording, format))
    suites.push({ name: unit, cases: await Promise.all(called) })
  }
  return suites.filter(({ cases }) => cases.length > 0)
}
