/**
 * Files as API v1 answers them, on Cloud and Data Center alike, as far as we read them.
 *
 * @module
 */

import type { ConfluenceApi, FetchedFile, FileItem, FileTarget } from '../api.ts'
import { authorOf, dates, labelNames, type WireLabel } from '../cloud-wire.ts'
import type { WireUser } from '../restrictions.ts'
import type { Seat } from '../seat.ts'
import { idOf, textIn } from '../wire-values.ts'

export type FileCalls = Pick<ConfluenceApi, 'files' | 'filesOn' | 'fileStatus' | 'saveFile' | 'saveForeign'>

interface WireRef {
  readonly id: number | string
}

export interface WireFile extends WireRef {
  readonly status?: string
  readonly title?: string
  readonly space?: WireRef
  readonly container?: WireRef
  readonly version?: { readonly number?: number; readonly when?: string; readonly by?: WireUser }
  readonly history?: { readonly createdDate?: string }
  readonly metadata?: {
    readonly mediaType?: string
    readonly labels?: { readonly results?: readonly WireLabel[] }
  }
  readonly extensions?: { readonly mediaType?: string; readonly fileSize?: number }
  readonly _links?: { readonly webui?: string }
}

export const fileParts = 'space,container,version,history,metadata.labels'

/** @throws {TypeError} when it does not say what it is attached to */
export function fileItem(wire: WireFile, webUrl: string): FileItem {
  const { version, history, metadata, extensions, space } = wire
  const containerId = idOf(wire.container?.id)
  const { by } = version ?? {}
  const authorId = by?.accountId ?? by?.userKey
  const author = authorOf(authorId, by)
  return {
    id: digitsOf(wire.id),
    ...(space ? { spaceId: idOf(space.id) } : {}),
    containerId,
    title: textIn(wire.title) ?? '',
    mediaType: mediaTypeIn(extensions?.mediaType ?? metadata?.mediaType),
    ...sizeIn(extensions?.fileSize),
    version: version?.number ?? 1,
    ...dates(history?.createdDate, version?.when),
    ...(authorId ? { authorId } : {}),
    ...(author ? { author } : {}),
    labels: labelNames(metadata?.labels?.results),
    url: `${webUrl}${wire._links?.webui ?? `/pages/viewpage.action?pageId=${containerId}`}`,
  }
}

/** Cloud and newer Data Center write `att123`. @throws {TypeError} for what is no such id */
export function digitsOf(id: unknown): string {
  const digits = idOf(id).replace(/^att/, '')
  if (!/^\d+$/.test(digits)) throw new TypeError('the id of a file is none')
  return digits
}

/** Without parameters, in lower case; what is not said may be anything. */
export function mediaTypeIn(given: unknown): string {
  const [type = ''] = (textIn(given) ?? '').split(';')
  return type.trim().toLowerCase() || 'application/octet-stream'
}

export const sizeIn = (given: unknown) =>
  typeof given === 'number' && Number.isSafeInteger(given) && given >= 0 ? { size: given } : {}

/**
 * A site may send us anywhere for a file, since what we bring along is the address alone; but not from https to http.
 */
export async function save(
  { http, site }: Seat,
  path: string,
  query: Readonly<Record<string, string>>,
  { path: file, most, signal }: FileTarget & { readonly signal: AbortSignal },
): Promise<FetchedFile> {
  const isPlain = site.webUrl.startsWith('http:')
  const allowRedirectTo = ({ protocol }: URL) => protocol === 'https:' || (isPlain && protocol === 'http:')
  const { headers, bytes } = await http.save({ path, query, file, most, signal, allowRedirectTo })
  const contentType = headers['content-type']
  return { bytes, ...(typeof contentType === 'string' ? { contentType } : {}) }
}

/** From a host that is not the site's: nothing of ours goes there but the address. */
export function saveForeignWith({ http }: Seat): FileCalls['saveForeign'] {
  return async (url, isAllowed, { path: file, most }, { signal }) => {
    const { bytes } = await http.saveForeign({ url, isAllowed, file, most, signal })
    return { bytes }
  }
}
