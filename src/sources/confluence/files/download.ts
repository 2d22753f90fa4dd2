/**
 * Fetches a file to a private place on this machine, and makes sure that it is the file, and not what stands in its place.
 *
 * @module
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallContext } from '../../../model/call.ts'
import { OutflowError } from '../../../model/errors.ts'
import { ownPrefix, sweepLeftovers } from '../../../util/leftovers.ts'
import type { ConfluenceApi, FetchedFile, FileAddress } from '../api.ts'

/** What the site said of a file when it was listed. */
export interface ExpectedFile extends FileAddress {
  readonly mediaType: string
  /** In bytes. */
  readonly size?: number
}

interface SavedFile {
  readonly path: string
  readonly bytes: number
  /** The file goes, and its folder. Never throws. */
  readonly dispose: () => Promise<void>
}

interface DownloadOptions extends CallContext {
  readonly api: Pick<ConfluenceApi, 'saveFile'>
  /** Bytes that it may have at most. */
  readonly most: number
}

/**
 * @throws {OutflowError} `confluence.download.not_the_file`: a page to sign in, or a part of the file, came in its place; `permission`,
 * `missing`, `transient` and the others of every request
 */
export function downloadFile(file: ExpectedFile, { api, most, signal }: DownloadOptions): Promise<SavedFile> {
  return toPrivatePlace(async (path) => {
    const fetched = await api.saveFile(file, { path, most }, { signal }).catch((thrown: unknown) => {
      throw isSentToSignIn(thrown) ? notTheFile(file, 'it leads to a page to sign in', thrown) : thrown
    })
    const problem = problemWith(file, fetched)
    if (problem !== undefined) throw notTheFile(file, problem)
    return fetched.bytes
  })
}

/**
 * From another host than the site's: without credentials.
 *
 * @param isAllowed whether this host, or one that it sends us to, may be asked
 * @throws {OutflowError} as every request
 */
export function downloadForeign(
  url: URL,
  isAllowed: (url: URL) => boolean,
  {
    api,
    most,
    signal,
  }: CallContext & { readonly api: Pick<ConfluenceApi, 'saveForeign'>; readonly most: number },
): Promise<SavedFile> {
  return toPrivatePlace(
    async (path) => (await api.saveForeign(url, isAllowed, { path, most }, { signal })).bytes,
  )
}

const kind = 'outflow-file'
/** Once for this process. */
let swept: Promise<void> | undefined

/** A folder that this user alone can read; gone again when it cannot be filled, and when the next process finds that this one was killed. */
async function toPrivatePlace(fill: (path: string) => Promise<number>): Promise<SavedFile> {
  swept ??= sweepLeftovers(tmpdir(), kind)
  await swept
  const folder = await mkdtemp(join(tmpdir(), ownPrefix(kind)))
  const dispose = () => rm(folder, { recursive: true, force: true }).catch(() => undefined)
  const path = join(folder, 'file')
  try {
    return { path, bytes: await fill(path), dispose }
  } catch (thrown) {
    await dispose()
    throw thrown
  }
}

/** The API knows us: this door alone does not, and every other one may. */
const isSentToSignIn = (thrown: unknown) =>
  thrown instanceof OutflowError && thrown.code === 'http.login_page'

/** Text may be a web page's, or be taken for one; of anything else that is a page it is certain that it is not the file. */
function problemWith({ mediaType, size }: ExpectedFile, fetched: FetchedFile): string | undefined {
  const isPage = /^(text\/html|application\/xhtml\+xml)\b/i.test(fetched.contentType ?? '')
  const maybePage = /^(text\/|application\/(xhtml\+xml|xml|octet-stream)$)/.test(mediaType)
  if (isPage && (!maybePage || (size === undefined && mediaType !== 'text/html')))
    return `a web page came in place of ${mediaType}`
  if (size !== undefined && fetched.bytes !== size) return `${fetched.bytes} bytes came, and it has ${size}`
  return undefined
}

function notTheFile({ title, id }: ExpectedFile, what: string, cause?: unknown): OutflowError {
  return new OutflowError({
    kind: 'content',
    code: 'confluence.download.not_the_file',
    message: `What came for the file "${title}" (${id}) is not that file: ${what}.`,
    fix: 'Open the file in a browser. Where single sign-on stands in front of Confluence, its administrator has to let downloads with tokens through, as it does API calls.',
    cause,
  })
}
