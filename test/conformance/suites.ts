/**
 * The conformance suites: what the reference recorded against what compat mode makes of the same input.
 *
 * @module
 */

import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { detectLanguages } from '../../src/kit/languages.ts'
import {
  countSentences,
  hasFewLetters,
  hasVerb,
  isBulleted,
  isCapitalised,
  isEmailAddress,
  isNarrative,
  isTitle,
  isUsCityStateZip,
  withoutBullet,
} from '../../src/kit/text-type.ts'
import type { Element } from '../../src/model/element.ts'
import { assignElementIds } from '../../src/model/element-id.ts'
import { elementsFromJson } from '../../src/model/element-json.ts'
import { assignParents } from '../../src/model/hierarchy.ts'
import { tableHtml } from '../../src/partition/html/table.ts'
import { type HtmlOptions, partitionHtml } from '../../src/partition/html.ts'
import { chunkingSuites } from './chunking.ts'
import { firstDifference, type Recorded } from './compare.ts'
import { fileSuites } from './files.ts'
import { pdfSuites } from './pdf.ts'
import {
  type RecordedDocument,
  readCalls,
  readDocuments,
  readInput,
  readSnippets,
  type UnitCall,
  unwrap,
} from './recordings.ts'
import type { Case, Suite } from './suite.ts'

const caseOf = (name: string, difference: string | undefined): Case =>
  difference === undefined ? { name } : { name, difference }

const short = (text: string) => (text.length > 90 ? `${text.slice(0, 90)}…` : text)

async function htmlCase(
  name: string,
  html: string,
  { options, expected }: { options: HtmlOptions; expected: readonly Recorded[] },
): Promise<Case> {
  const elements = await partitionHtml({ text: html }, { ...options, mode: 'compat' })
  return caseOf(name, firstDifference(elements, expected))
}

function htmlOptions(kwargs: Readonly<Record<string, unknown>>): HtmlOptions {
  return {
    skipHeadersAndFooters: kwargs.skip_headers_and_footers === true,
    extractImageBlockTypes: (kwargs.extract_image_block_types as string[] | undefined) ?? [],
    extractImageBlockToPayload: kwargs.extract_image_block_to_payload === true,
    languages: (kwargs.languages as string[] | undefined) ?? ['auto'],
    detectLanguagePerElement: kwargs.detect_language_per_element === true,
  }
}

const snippets = (oracle: string) =>
  readSnippets(oracle).map(({ src, html, elements }) =>
    htmlCase(`${src} ${short(JSON.stringify(html))}`, html, {
      options: { languages: [''] },
      expected: elements,
    }),
  )

const isChunked = (kwargs: Readonly<Record<string, unknown>>) => kwargs.chunking_strategy !== undefined

const documents = (oracle: string) =>
  readDocuments(oracle, '.html')
    .filter(({ kwargs }) => !isChunked(kwargs))
    .map(({ name, input, filename, kwargs, elements }) =>
      htmlCase(name, input, { options: { ...htmlOptions(kwargs), filename }, expected: elements }),
    )

/** Elements that were written as NDJSON and are read, named and numbered anew. */
function rereadCase({ name, input, filename, elements }: RecordedDocument): Case {
  const read = elementsFromJson(`[${input.trim().split('\n').join(',')}]`)
  for (const { metadata } of read) Object.assign(metadata, { filename, filetype: 'application/x-ndjson' })
  assignElementIds(read)
  assignParents(read)
  return caseOf(name, firstDifference(read, elements))
}

/** Calls that our own HTML parser can answer: version 1, text or a document that is there, no chunks, no errors. */
function htmlCall(oracle: string, { args, nlp, raises, result, test }: UnitCall): Promise<Case> | undefined {
  const kwargs = { ...args, ...(args.kwargs as object | undefined) } as Record<string, unknown>
  if (raises !== undefined || kwargs.html_parser_version === 'v2' || isChunked(kwargs)) return undefined
  const path = (args.filename ?? (args.file as { $file?: string } | undefined)?.$file) as string | undefined
  const html =
    (args.text as string | undefined) ??
    (path && readInput(oracle, path.replace('example-docs/', '').replaceAll('/', '__')))
  if (html === undefined) return undefined
  const expected = unwrap(result).map((element) => ({ ...element, _type_from_nlp_stub: nlp }))
  const options = { ...htmlOptions(kwargs), ...(path === undefined ? {} : { filename: basename(path) }) }
  return htmlCase(test, html, { options, expected })
}

const calls = (oracle: string) =>
  readCalls(oracle, 'partition_html').flatMap((call) => htmlCall(oracle, call) ?? [])

const hierarchy = (oracle: string) =>
  readCalls(oracle, 'set_element_hierarchy').map(({ test, args, result }) => {
    const elements = structuredClone(unwrap(args.elements)) as Element[]
    assignParents(elements)
    return caseOf(test, firstDifference(elements, unwrap(result)))
  })

/** Arguments of the recorded text functions; each uses its own. */
interface TextArguments {
  readonly text: string
  readonly threshold?: number
  readonly cap_threshold?: number
  readonly min_length?: number
  readonly matrix: readonly (readonly string[])[]
}

type Answer = (args: TextArguments) => unknown

const textFunctions: Readonly<Record<string, Answer>> = {
  is_bulleted_text: ({ text }) => isBulleted(text),
  is_email_address: ({ text }) => isEmailAddress(text),
  is_us_city_state_zip: ({ text }) => isUsCityStateZip(text),
  is_possible_narrative_text: ({ text, cap_threshold }) => isNarrative(text, cap_threshold),
  is_possible_title: ({ text }) => isTitle(text),
  contains_verb: ({ text }) => hasVerb(text),
  exceeds_cap_ratio: ({ text, threshold }) => isCapitalised(text, threshold),
  under_non_alpha_ratio: ({ text }) => hasFewLetters(text),
  sentence_count: ({ text, min_length }) => countSentences(text, min_length),
  clean_bullets: ({ text }) => withoutBullet(text).trim(),
  htmlify_matrix_of_cell_texts: ({ matrix }) => tableHtml(matrix),
}

function callCase({ args, nlp, result }: UnitCall, answer: Answer): Case {
  const ours = answer(args as unknown as TextArguments)
  const same = isDeepStrictEqual(ours, result)
  return caseOf(
    `${nlp ? '(stand-in) ' : ''}${short(JSON.stringify(args))}`,
    same ? undefined : `${JSON.stringify(ours)}, expected ${JSON.stringify(result)}`,
  )
}

const unitSuites = (oracle: string): Suite[] =>
  Object.entries(textFunctions).map(([name, answer]) => ({
    name,
    cases: readCalls(oracle, name).map((call) => callCase(call, answer)),
  }))

const languages = (oracle: string) =>
  readCalls(oracle, 'detect_languages')
    .filter(({ raises }) => raises === undefined)
    .map(async (call) => {
      const found = await detectLanguages((call.args as unknown as TextArguments).text)
      return callCase(call, () => found ?? null)
    })

/** Runs every suite of an oracle folder. */
export async function runSuites(oracle: string): Promise<Suite[]> {
  return [
    { name: 'html_snippets', cases: await Promise.all(snippets(oracle)) },
    { name: 'html_documents', cases: await Promise.all(documents(oracle)) },
    { name: 'partition_html', cases: await Promise.all(calls(oracle)) },
    { name: 'ndjson_documents', cases: readDocuments(oracle, '.html.ndjson').map(rereadCase) },
    { name: 'hierarchy', cases: hierarchy(oracle) },
    { name: 'detect_languages', cases: await Promise.all(languages(oracle)) },
    ...unitSuites(oracle),
    ...(await fileSuites(oracle)),
    ...(await pdfSuites(oracle)),
    ...(await chunkingSuites(oracle)),
  ]
}
