/**
 * A thread that reads files, one at a time, for `threads.ts`.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { parentPort } from 'node:worker_threads'
import type { Loss } from '../model/content.ts'
import type { Element } from '../model/element.ts'
import { asOutflowError, type ErrorReport, reportError } from '../model/errors.ts'
import type { FileInput, FileOptions } from './file.ts'
import { readElements, type Tools } from './read.ts'

/** What the thread is asked to read. */
export interface Request {
  readonly file: Omit<FileInput, 'bytes'> & ({ readonly bytes: Uint8Array } | { readonly path: string })
  readonly options: FileOptions
  readonly tools: Tools
}

export type Reply =
  | { readonly elements: readonly Element[]; readonly losses: readonly Loss[] }
  | { readonly error: ErrorReport; readonly stack?: string }

async function answer({ file, options, tools }: Request): Promise<Reply> {
  const losses: Loss[] = []
  const { signal } = new AbortController()
  try {
    const bytes = 'path' in file ? await readFile(file.path) : file.bytes
    const lose = (loss: Loss) => void losses.push(loss)
    const elements = await readElements({ ...file, bytes }, options, { ...tools, signal, lose })
    return { elements, losses }
  } catch (thrown) {
    const error = asOutflowError(thrown)
    return {
      error: reportError(error),
      ...(error.kind === 'bug' && thrown instanceof Error && thrown.stack && { stack: thrown.stack }),
    }
  }
}

parentPort?.on('message', (request: Request) => {
  void answer(request).then((reply) => parentPort!.postMessage(reply))
})
