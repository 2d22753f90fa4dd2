/**
 * One file's bytes to elements, whatever the format: in the thread that calls. Files of strangers belong into another one; see `threads.ts`.
 *
 * @module
 */

import type { CallContext } from '../model/call.ts'
import type { Loss } from '../model/content.ts'
import type { Element } from '../model/element.ts'
import { detectFormat } from './detect.ts'
import type { FileInput, FileOptions, ReadContext } from './file.ts'
import { finish } from './finish.ts'
import { formatOf } from './formats.ts'
import { tooMuch, unsupported } from './problems.ts'

/** What there is on this machine beside Outflow itself. */
export interface Tools {
  /** Folder with Tesseract's language data. */
  readonly tessdata?: string
  /** LibreOffice's program. */
  readonly soffice?: string
}

export interface ReadOptions extends CallContext, Tools {
  readonly lose: (loss: Loss) => void
}

/** Files in files: a message in a message in an archive is real, more is not. */
const deepest = 5
/** Of one document, at all depths. */
const mostNested = 500
/** Text and HTML of one document's elements: a small file may show one long text very often. */
const mostCharacters = 100_000_000

/**
 * Finished elements of a file.
 *
 * @throws {OutflowError} kind `content`: code `file.unsupported` when no reader fits; otherwise what the reader throws
 */
export async function readElements(
  file: FileInput,
  options: FileOptions,
  { lose, signal, ...tools }: ReadOptions,
): Promise<Element[]> {
  let nested = 0
  let characters = 0

  async function read(each: FileInput, depth: number): Promise<Element[]> {
    signal.throwIfAborted()
    const name = await detectFormat(each)
    if (name === undefined) throw unsupported(sentenceOf(each))
    const format = formatOf(name)
    const readFile = await format.load()
    const context: ReadContext = { signal, lose, ...tools, nested: (inside) => readNested(inside, depth + 1) }
    const elements = await readFile(each, options, context)
    characters += charactersOf(elements)
    if (characters > mostCharacters)
      throw tooMuch('file', `text that comes to more than ${mostCharacters.toLocaleString('en')} characters`)
    const filetype = format.mediaType ?? each.mediaType
    return finish(elements, {
      mode: options.mode,
      languages: format.tellsLanguages ? [''] : options.languages,
      detectLanguagePerElement: options.detectLanguagePerElement,
      ...(each.filename !== undefined && { filename: each.filename }),
      ...(filetype !== undefined && { filetype }),
    })
  }

  function readNested(inside: FileInput, depth: number): Promise<Element[]> {
    nested += 1
    if (depth > deepest) throw tooMuch('file', `files in files more than ${deepest} deep`)
    if (nested > mostNested) throw tooMuch('file', `more than ${mostNested} files`)
    return read(inside, depth)
  }

  return read(file, 0)
}

/** Those of files inside come again with the file around them, which does no harm to a limit as high as this. */
const charactersOf = (elements: readonly Element[]): number =>
  elements.reduce((sum, { text, metadata }) => sum + text.length + (metadata.text_as_html?.length ?? 0), 0)

function sentenceOf({ filename, mediaType }: FileInput): string {
  const named = filename === undefined ? 'This file' : `"${filename}"`
  const said = mediaType === undefined || mediaType === '' ? '' : `, said to be ${mediaType},`
  return `${named}${said} is of no type that can be read.`
}
