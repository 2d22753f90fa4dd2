/**
 * Cloud: files of whole spaces by API v1's search, those of one page by API v2. What they hold comes from a media host, to which v1's own
 * route leads; the address that the lists name takes no API tokens any more (CHANGE-2735).
 *
 * @module
 */

import type { FileItem } from '../api.ts'
import { cursorReader } from '../cloud-call.ts'
import { dates } from '../cloud-wire.ts'
import { quoteCql } from '../cql.ts'
import { listPages } from '../listing.ts'
import { isAlive } from '../not-there.ts'
import { createPageSize } from '../page-size.ts'
import { contentSearch, wideSearch } from '../searches.ts'
import { bulks, type Seat } from '../seat.ts'
import { idOf, textIn } from '../wire-values.ts'
import {
  digitsOf,
  type FileCalls,
  fileItem,
  fileParts,
  mediaTypeIn,
  save,
  saveForeignWith,
  sizeIn,
  type WireFile,
} from './wire.ts'

/** Silent cap of the search with expansions, and the documented one of API v2. */
const mostWithParts = 200
const mostOnPage = 250
/** Keys in one CQL query, so that the address stays short. */
const mostInCql = 100

interface WireAttachment {
  readonly id: string
  readonly status?: string
  readonly title?: string | null
  readonly createdAt?: string
  readonly pageId?: string
  readonly blogPostId?: string
  readonly customContentId?: string
  readonly mediaType?: string | null
  readonly fileSize?: number | null
  readonly version?: { readonly number?: number; readonly createdAt?: string; readonly authorId?: string }
  readonly _links?: { readonly webui?: string }
}

interface WireAnswer extends Partial<WireAttachment> {
  readonly errors?: unknown
}

export function createCloudFiles(seat: Seat): FileCalls {
  const { http, site, apiPath } = seat
  const sizes = {
    parts: createPageSize(mostWithParts, mostWithParts),
    onPage: createPageSize(mostOnPage, mostOnPage),
  }

  function found(clause: string, options: Parameters<FileCalls['files']>[2]) {
    const { path, query, expand, contentIn } = options.archived ? wideSearch : contentSearch
    const cql = `type=attachment${clause} order by created`
    const list = { path, query: { ...query, cql, expand: expand(fileParts) } }
    const toItem = (wire: WireFile) => fileItem(contentIn(wire), site.webUrl)
    const read = cursorReader<WireFile, FileItem>(seat, list, toItem, options)
    return listPages({ name: 'files', read, size: sizes.parts })
  }

  return {
    async *files(spaces, { everywhere }, options) {
      const keys = spaces.map(({ key }) => quoteCql(key))
      const clauses = bulks(keys, mostInCql).map((part) => ` and space in (${part.join(',')})`)
      for (const clause of everywhere ? [''] : clauses) yield* found(clause, options)
    },
    async filesOn(containerId, type, options) {
      const list = { path: `/api/v2/${type}s/${containerId}/attachments`, query: { status: 'current' } }
      const toItem = (wire: WireAttachment) => attachmentItem(wire, containerId, site.webUrl)
      const read = cursorReader<WireAttachment, FileItem>(seat, list, toItem, options)
      const files: FileItem[] = []
      for await (const batch of listPages({ name: `files of ${containerId}`, read, size: sizes.onPage }))
        files.push(...batch)
      return files
    },
    async fileStatus(id, { signal }) {
      const path = `${apiPath}/api/v2/attachments/att${id}`
      const { status, body } = await http.json<WireAnswer | undefined>({ path, accept: [404], signal })
      // A proxy in between may say "not found", too.
      if (status === 404) return Array.isArray(body?.errors) ? 'gone' : 'unknown'
      if (!isAlive(body?.status)) return 'gone'
      return { containerId: idOf(body?.pageId ?? body?.blogPostId ?? body?.customContentId) }
    },
    saveForeign: saveForeignWith(seat),
    saveFile({ id, containerId, version }, target, { signal }) {
      const path = `${apiPath}/rest/api/content/${containerId}/child/attachment/att${id}/download`
      return save(seat, path, { version }, { ...target, signal })
    },
  }
}

/** Says less than the search: no labels, and nobody's name. */
function attachmentItem(wire: WireAttachment, containerId: string, webUrl: string): FileItem {
  const { version } = wire
  return {
    id: digitsOf(wire.id),
    containerId,
    title: textIn(wire.title) ?? '',
    mediaType: mediaTypeIn(wire.mediaType),
    ...sizeIn(wire.fileSize),
    version: version?.number ?? 1,
    ...dates(wire.createdAt, version?.createdAt),
    ...(version?.authorId ? { authorId: version.authorId } : {}),
    labels: [],
    url: `${webUrl}${wire._links?.webui ?? `/pages/viewpage.action?pageId=${containerId}`}`,
  }
}
