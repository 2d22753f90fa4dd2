/**
 * Partitions HTML, and markup that a source rendered itself, into elements. The rules are told in docs/partitioning.md.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { defineStep, setting } from '../kit/define.ts'
import type { ContentBody } from '../model/content.ts'
import type { Element } from '../model/element.ts'
import type { Markup } from '../model/markup.ts'
import { finish } from './finish.ts'
import { createOutline } from './html/outline.ts'
import { createOutput } from './html/output.ts'
import { mainOf, parseHtml, wholesomeMarkup } from './html/parse.ts'
import { createRichTable } from './html/rich-table.ts'
import type { Mode } from './html/roles.ts'
import { rulesOf } from './html/rules.ts'
import { createPlainTable } from './html/table.ts'
import { createWalker } from './html/walker.ts'

/** HTML as text, or markup that a source rendered itself. */
export type HtmlBody = Extract<ContentBody, { readonly text: string } | { readonly markup: Markup }>

export interface HtmlOptions {
  /** `compat` = the reference's rules to the letter; `enhanced` (default) = nothing visible is lost, structure is kept. */
  readonly mode?: Mode
  /** File name for metadata and ids; a name only, no folder. */
  readonly filename?: string
  /** MIME type for metadata. Default `text/html`. */
  readonly filetype?: string
  /** The document's web address: base of relative links and of anchor addresses, in enhanced mode. */
  readonly url?: string
  /** Leave `<header>` and `<footer>` out. Default false. */
  readonly skipHeadersAndFooters?: boolean
  /** With `Image` among them and `extractImageBlockToPayload`, images that came inline keep their bytes. */
  readonly extractImageBlockTypes?: readonly string[]
  readonly extractImageBlockToPayload?: boolean
  /** ISO 639-3 codes to set; `['auto']` (default) detects; `['']` sets none. */
  readonly languages?: readonly string[]
  readonly detectLanguagePerElement?: boolean
}

/**
 * HTML text or markup to elements, with languages, ids and parents. Broken markup is read as well as can be.
 *
 * @throws {OutflowError} kind `content`, code `html.too_deep`: HTML text that nests its tags deeper than any page does
 */
export async function partitionHtml(body: HtmlBody, options: HtmlOptions = {}): Promise<Element[]> {
  return finish(draftHtml(body, options), {
    mode: options.mode ?? 'enhanced',
    ...(options.filename !== undefined && { filename: options.filename }),
    filetype: options.filetype ?? 'text/html',
    languages: options.languages ?? ['auto'],
    detectLanguagePerElement: options.detectLanguagePerElement ?? false,
  })
}

/**
 * The first half of {@link partitionHtml}: elements that `finish.ts` has not seen, without languages, file name, ids and parents.
 *
 * @throws as {@link partitionHtml}
 */
export function draftHtml(body: HtmlBody, options: HtmlOptions): Element[] {
  const { mode = 'enhanced', extractImageBlockTypes = [], extractImageBlockToPayload = false } = options
  const rules = rulesOf(mode, options.skipHeadersAndFooters ?? false)
  const outline = createOutline(options.url)
  const output = createOutput({
    rules,
    outline,
    keepsImageData: extractImageBlockToPayload && extractImageBlockTypes.includes('Image'),
  })
  const createTable = rules.richTables
    ? () => createRichTable({ roles: rules.roles, absolute: outline.absolute })
    : createPlainTable
  const walker = createWalker(rules, output, createTable)
  markupOf(body, mode)(walker)
  walker.end()
  return output.elements
}

function markupOf(body: HtmlBody, mode: Mode): Markup {
  if ('markup' in body) return wholesomeMarkup(body.markup)
  const markup = parseHtml(body.text)
  return mode === 'compat' && /<main[\s/>]/i.test(body.text) ? mainOf(markup) : markup
}

const settings = z.strictObject({
  mode: setting(z.enum(['enhanced', 'compat']).default('enhanced'), {
    description:
      'enhanced keeps everything a reader sees and its structure; compat follows the rules of Unstructured to the letter.',
  }),
  skip_headers_and_footers: setting(z.boolean().default(false), {
    description: 'Leave page headers and footers out.',
  }),
  extract_image_block_types: setting(z.array(z.string()).default([]), {
    description: 'With Image here, images that are part of the page text keep their bytes.',
    example: 'Image',
    advanced: true,
  }),
  extract_image_block_to_payload: setting(z.boolean().default(false), {
    description: 'Put the bytes of such images into metadata.image_base64.',
    advanced: true,
  }),
  languages: setting(z.array(z.string()).default(['auto']), {
    description: 'Languages of the documents as ISO 639-3 codes; auto detects them.',
    advanced: true,
  }),
  detect_language_per_element: setting(z.boolean().default(false), {
    description: 'Detect the language of each element rather than of the document.',
    advanced: true,
  }),
})

async function htmlBody(body: ContentBody): Promise<HtmlBody> {
  if ('text' in body || 'markup' in body) return body
  const bytes = 'bytes' in body ? body.bytes : await readFile(body.file)
  return { text: new TextDecoder().decode(bytes) }
}

const mediaTypes: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml'])

/** The HTML partitioner as a step of a workflow. */
export default defineStep({
  name: 'html',
  title: 'HTML',
  settings,
  create: (given) => ({
    role: 'partition',
    name: 'html',
    accepts: (mediaType) => mediaTypes.has(mediaType.split(';', 1)[0]!.trim().toLowerCase()),
    partition: async ({ body }, document) =>
      partitionHtml(await htmlBody(body), {
        mode: given.mode,
        filename: document.filename,
        ...(document.url !== '' && { url: document.url }),
        skipHeadersAndFooters: given.skip_headers_and_footers,
        extractImageBlockTypes: given.extract_image_block_types,
        extractImageBlockToPayload: given.extract_image_block_to_payload,
        languages: given.languages,
        detectLanguagePerElement: given.detect_language_per_element,
      }),
  }),
})
