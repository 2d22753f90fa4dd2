/**
 * Which files a source takes: by type and by size. The same two settings for every source that has files.
 *
 * @module
 */

import { extname } from 'node:path'
import { z } from 'zod'
import { setting } from './define.ts'

/** Declared for each source by itself, since the environment variable has the source's name in it. */
export function fileSelectionSettings(env: (setting: string) => string) {
  return {
    file_types: setting(
      z
        .union([z.array(z.string()), z.string(), z.null()])
        .optional()
        .transform((given) => listOf(given).map((type) => type.toLowerCase().replace(/^\./, ''))),
      {
        description:
          'Read only files of these types: endings of their names (pdf, docx) or media types (image/png, image/*). All when left out.',
        env: env('FILE_TYPES'),
        example: 'pdf,docx,image/*',
      },
    ),
    max_file_size: setting(z.int().min(1).default(100_000_000), {
      description: 'Bytes that a file may have at most. Larger ones are left out, and reported.',
      env: env('MAX_FILE_SIZE'),
    }),
  }
}

export interface FileSelection {
  readonly file_types: readonly string[]
  readonly max_file_size: number
}

export interface FileFacts {
  readonly filename: string
  /** MIME type; may be empty. */
  readonly mediaType: string
  /** Bytes, where known. */
  readonly size?: number
}

/** The rule by which a file is left out, in words; `undefined` when it is taken. */
export function skipsFile(
  { file_types: types, max_file_size: most }: FileSelection,
  { filename, mediaType, size }: FileFacts,
): string | undefined {
  if (types.length > 0 && !types.some((type) => isOfType(type, filename, mediaType)))
    return `file_types: none of ${types.join(', ')}`
  if (size !== undefined && size > most) return `max_file_size: ${size} bytes are more than ${most}`
  return undefined
}

function isOfType(type: string, filename: string, mediaType: string): boolean {
  const essence = mediaType.split(';', 1)[0]!.trim().toLowerCase()
  if (type.endsWith('/*')) return essence.startsWith(type.slice(0, -1))
  return type.includes('/') ? essence === type : extname(filename).slice(1).toLowerCase() === type
}

function listOf(given: readonly string[] | string | null | undefined): readonly string[] {
  const items = typeof given === 'string' ? given.split(',') : (given ?? [])
  return [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))]
}
