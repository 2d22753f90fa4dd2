/**
 * Files of all formats but HTML and PDF: recorded documents and recorded calls.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Element } from '../../src/model/element.ts'
import { detectFormat } from '../../src/partition/detect.ts'
import type { FileInput, FileOptions, ReadContext } from '../../src/partition/file.ts'
import { finish } from '../../src/partition/finish.ts'
import { formatOf } from '../../src/partition/formats.ts'
import { defaultFileOptions } from '../../src/partition/options.ts'
import { draftText } from '../../src/partition/text/paragraphs.ts'
import { firstDifference, type Recorded } from './compare.ts'
import { readCalls, unwrap } from './recordings.ts'
import type { Case, Known, Suite } from './suite.ts'

type Arguments = Readonly<Record<string, unknown>>

/** What the reference's functions were given, by ending, and what they called the type. */
interface Format {
  /** Name of the suite of its documents. Default: the ending's. */
  readonly documents?: string
  /** The reference's function. Default: the ending's. */
  readonly call?: string
  readonly filetype: string
}

const openxml = 'application/vnd.openxmlformats-officedocument'
const workbook = `${openxml}.spreadsheetml.sheet`

const formats: Readonly<Record<string, Format>> = {
  md: { documents: 'markdown_documents', filetype: 'text/markdown' },
  txt: { documents: 'text_documents', call: 'partition_text', filetype: 'text/plain' },
  csv: { filetype: 'text/csv' },
  tsv: { filetype: 'text/tsv' },
  json: { filetype: 'application/json' },
  ndjson: { documents: 'ndjson_files', filetype: 'application/x-ndjson' },
  xml: { filetype: 'application/xml' },
  docx: { filetype: `${openxml}.wordprocessingml.document` },
  pptx: { filetype: `${openxml}.presentationml.presentation` },
  xlsx: { filetype: workbook },
  xls: { filetype: workbook },
  eml: { call: 'partition_email', filetype: 'message/rfc822' },
  epub: { filetype: 'application/epub' },
  rtf: { filetype: 'text/rtf' },
}

const otherDetector = 'a guess of another language detector'
const otherMarkdown = 'recorded with other extensions of Markdown than those that are the default'

/** In which cases compat mode differs, and why. */
export const filesKnown: readonly Known[] = [
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
  { suite: 'docx_documents', name: 'docx-hdrftr.docx', reason: otherDetector },
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
  {
    suite: 'partition_rtf',
    name: '::test_partition_rtf_respects_detect_language_per_element',
    reason: 'another language detector finds fewer languages in a mixed text',
  },
]

interface Recording {
  readonly name: string
  readonly file: FileInput
  readonly kwargs: Arguments
  readonly elements: readonly Recorded[]
}

const optionsOf = (kwargs: Arguments): FileOptions => ({
  ...defaultFileOptions(),
  mode: 'compat',
  languages: (kwargs.languages as string[] | undefined) ?? ['auto'],
  detectLanguagePerElement: kwargs.detect_language_per_element === true,
  includeHeader: kwargs.include_header === true,
  includePageBreaks: kwargs.include_page_breaks !== false,
  includeSlideNotes: kwargs.include_slide_notes === true,
  processAttachments: kwargs.process_attachments !== false,
  startingPageNumber: (kwargs.starting_page_number as number | undefined) ?? 1,
  xmlKeepTags: kwargs.xml_keep_tags === true,
  ...(typeof kwargs.encoding === 'string' && { encoding: kwargs.encoding }),
})

/** Attached files of the recordings are texts. */
const contextOf = (options: FileOptions): ReadContext => ({
  signal: new AbortController().signal,
  lose: () => {},
  nested: ({ bytes, filename }: FileInput) =>
    finish(draftText(new TextDecoder().decode(bytes), options), {
      ...options,
      ...(filename !== undefined && { filename }),
      filetype: 'text/plain',
    }),
})

const labels: ReadonlySet<string> = new Set(['NarrativeText', 'UncategorizedText', 'Title'])

/** Labels that came from a stand-in for the language model say nothing, but parents hang on them. */
function adoptStandIns(drafts: readonly Element[], recorded: readonly Recorded[]): void {
  for (const [index, draft] of drafts.entries()) {
    const { type, text, _type_from_nlp_stub: standIn } = recorded[index] ?? {}
    if (standIn && draft.text === text && labels.has(draft.type) && labels.has(type ?? ''))
      draft.type = type as Element['type']
  }
}

async function read({ file, kwargs, elements }: Recording, filetype: string): Promise<Element[]> {
  const options = optionsOf(kwargs)
  const format = formatOf((await detectFormat(file))!)
  const readFile = await format.load()
  const drafts = await readFile(file, options, contextOf(options))
  adoptStandIns(drafts, elements)
  return finish(drafts, {
    ...options,
    ...(format.tellsLanguages && { languages: [''] }),
    ...(file.filename !== undefined && { filename: file.filename }),
    filetype,
  })
}

async function compare(recording: Recording, filetype: string): Promise<Case> {
  const { name, elements } = recording
  try {
    const difference = firstDifference(await read(recording, filetype), elements)
    return difference === undefined ? { name } : { name, difference }
  } catch (thrown) {
    return { name, difference: `raised ${String(thrown)}` }
  }
}

/** The bytes of an input; undefined when it is not there. */
function inputAt(oracle: string, name: string): Buffer | undefined {
  const path = join(oracle, 'documents', 'inputs', name)
  return existsSync(path) ? readFileSync(path) : undefined
}

/** Those that the reference could read. */
function documents(oracle: string, ending: string): Recording[] {
  const folder = join(oracle, 'documents', 'expected')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith(`.${ending}.json`) && !name.endsWith('.html.ndjson.json'))
    .flatMap((name) => {
      const { source, kwargs, elements } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
        readonly source: string
        readonly kwargs?: Arguments
        /** Absent where it raised an error. */
        readonly elements?: readonly Recorded[]
      }
      const bytes = inputAt(oracle, name.slice(0, -'.json'.length))
      if (!bytes || !elements) return []
      return [{ name, file: { bytes, filename: basename(source) }, kwargs: kwargs ?? {}, elements }]
    })
}

/** Calls whose input is there, that cut no chunks and raise no error. */
function calls(oracle: string, call: string, mediaType: string): Recording[] {
  const times = new Map<string, number>()
  return readCalls(oracle, call).flatMap(({ args, nlp, raises, result, test }) => {
    const kwargs: Arguments = { ...args, ...(args.kwargs as object | undefined) }
    if (raises !== undefined || kwargs.chunking_strategy !== undefined || !Array.isArray(result)) return []
    const file = givenFile(oracle, kwargs, mediaType)
    if (!file) return []
    const elements = unwrap(result).map((element) => ({ ...element, _type_from_nlp_stub: nlp }))
    times.set(test, (times.get(test) ?? 0) + 1)
    return [{ name: `${test} #${times.get(test)}`, file, kwargs, elements }]
  })
}

function givenFile(oracle: string, kwargs: Arguments, mediaType: string): FileInput | undefined {
  const named = (kwargs.metadata_filename ?? kwargs.filename) as string | undefined
  const opened = (kwargs.file as { readonly $file?: string } | undefined)?.$file
  const path = (kwargs.filename as string | undefined) ?? opened
  const bytes =
    typeof kwargs.text === 'string'
      ? Buffer.from(kwargs.text)
      : path && inputAt(oracle, path.replace('example-docs/', '').replaceAll('/', '__'))
  if (!bytes) return undefined
  return { bytes, mediaType, ...(named !== undefined && { filename: basename(named) }) }
}

/** What the reference recorded of files against what compat mode makes of them. */
export async function fileSuites(oracle: string): Promise<Suite[]> {
  const suites: Suite[] = []
  for (const [ending, { documents: suite, call = `partition_${ending}`, filetype }] of Object.entries(
    formats,
  )) {
    const compared = (recordings: readonly Recording[]) =>
      Promise.all(recordings.map((recording) => compare(recording, filetype)))
    suites.push({ name: suite ?? `${ending}_documents`, cases: await compared(documents(oracle, ending)) })
    suites.push({ name: call, cases: await compared(calls(oracle, call, filetype)) })
  }
  return suites.filter(({ cases }) => cases.length > 0)
}
