/**
 * An answer that goes to a file as it comes, whatever its size, and goes on where a broken connection left it.
 *
 * @module
 */

import { open } from 'node:fs/promises'
import { OutflowError } from '../model/errors.ts'
import { type Head, type Sink, tooLarge } from './http-exchange.ts'
import { type Headers, headerOf } from './http-rate.ts'

interface FileSink extends Sink {
  /** Bytes in the file. */
  size(): number
  close(): Promise<void>
}

/**
 * @param path file that is made, readable by this user alone; there must be none yet
 * @param most bytes that it may have at most
 */
export async function createFileSink(path: string, most: number): Promise<FileSink> {
  const file = await open(path, 'wx', 0o600)
  let size = 0
  /** Names what the bytes in the file are a part of. */
  let validator: string | undefined

  async function append(body: AsyncIterable<Buffer>, url: URL): Promise<number> {
    let travelled = 0
    for await (const chunk of body) {
      travelled += chunk.length
      if (size + chunk.length > most) throw tooLarge(url, most)
      await file.write(chunk, 0, chunk.length, size)
      size += chunk.length
    }
    return travelled
  }

  return {
    size: () => size,
    close: () => file.close(),
    headers: () => ({
      // Bytes are counted and gone on from, which compression would make impossible.
      'accept-encoding': 'identity',
      ...(size > 0 && validator !== undefined && { range: `bytes=${size}-`, 'if-range': validator }),
    }),
    async take({ url, status, headers }, body) {
      if (Number(headerOf(headers, 'content-length') ?? 0) > most) throw tooLarge(url, most)
      if (status === 206 && startOf(headers) !== size) throw otherPart({ url, status, headers })
      if (status !== 206 && size > 0) {
        size = 0
        await file.truncate(0)
      }
      validator = validatorOf(headers)
      return append(body, url)
    },
  }
}

/** By a weak tag nothing may be gone on from: the bytes behind it may be others. */
function validatorOf(headers: Headers): string | undefined {
  const tag = headerOf(headers, 'etag')
  return tag?.startsWith('"') ? tag : headerOf(headers, 'last-modified')
}

/** `bytes 100-199/200` begins at 100. */
function startOf(headers: Headers): number | undefined {
  const start = /^bytes (\d+)-/.exec(headerOf(headers, 'content-range') ?? '')?.[1]
  return start === undefined ? undefined : Number(start)
}

function otherPart({ url }: Head): OutflowError {
  return new OutflowError({
    kind: 'transient',
    code: 'http.truncated',
    message: `${url.host} sent another part of ${url.pathname} than it was asked for.`,
    fix: 'Run again; if it stays, a proxy between here and the site cuts long answers.',
  })
}
