/**
 * Reads plain text, and source code as text.
 *
 * @module
 */

import { decode } from '../kit/encodings.ts'
import type { FileInput, FileOptions, ReadFile } from './file.ts'
import { draftText } from './text/paragraphs.ts'
import { languageOf } from './text/source-languages.ts'

/** The text of a file, whatever its encoding. */
export const textOfFile = ({ bytes, mediaType = '' }: FileInput, { encoding }: FileOptions): string =>
  decode(bytes, encoding, mediaType).replaceAll('\0', '\ufffd')

/** Paragraphs, and what each of them is. */
export const readText: ReadFile = async (file, options) => draftText(textOfFile(file, options), options)

/** A program is one piece of code, with its language; the reference takes it for text. */
export const readSource: ReadFile = async (file, options) => {
  const text = textOfFile(file, options)
  if (options.mode === 'compat') return draftText(text, options)
  if (text.trim() === '') return []
  const language = languageOf(file.filename)
  return [
    {
      type: 'CodeSnippet',
      element_id: '',
      text: text.replace(/\n$/, ''),
      metadata: language === undefined ? {} : { code_language: language },
    },
  ]
}
