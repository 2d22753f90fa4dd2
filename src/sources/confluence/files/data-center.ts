/**
 * Data Center: files of whole spaces by a search, since `content/scan` knows none; those of one page below it.
 *
 * @module
 */

import type { FileItem } from '../api.ts'
import { quoteCql } from '../cql.ts'
import { wireReader } from '../data-center-call.ts'
import { listPages } from '../listing.ts'
import { isAlive } from '../not-there.ts'
import { listByStart } from '../offset-list.ts'
import { createPageSize } from '../page-size.ts'
import { contentSearch, wideSearch } from '../searches.ts'
import type { Seat } from '../seat.ts'
import { idOf } from '../wire-values.ts'
import { type FileCalls, fileItem, fileParts, save, saveForeignWith, type WireFile } from './wire.ts'

/** Silent cap of real servers with expansions. */
const mostWithParts = 200

/** In the middle of a search for files, some versions take their own next page for a bad request; a smaller one may do. */
const alsoBroken = [400]

interface WireAnswer extends Partial<WireFile> {
  readonly statusCode?: number
}

export function createDataCenterFiles(seat: Seat): FileCalls {
  const { http, site, apiPath } = seat
  const size = createPageSize(mostWithParts, mostWithParts)
  const toItem = (wire: WireFile) => fileItem(wire, site.webUrl)

  async function statusOf(id: string, signal: AbortSignal) {
    const request = { path: `${apiPath}/rest/api/content/${id}`, query: { expand: 'container' } }
    const { status, body } = await http.json<WireAnswer | undefined>({ ...request, accept: [404], signal })
    // A proxy in between may say "not found", too.
    if (status === 404) return body?.statusCode === 404 ? 'gone' : 'unknown'
    return isAlive(body?.status) ? { containerId: idOf(body?.container?.id) } : 'gone'
  }

  return {
    files(spaces, { everywhere }, options) {
      const search = options.archived ? wideSearch : contentSearch
      const keys = spaces.map(({ key }) => quoteCql(key))
      const clause = everywhere ? '' : ` and space in (${keys.join(',')})`
      const query = { ...search.query, cql: `type=attachment${clause} order by created` }
      const list = { path: search.path, query, body: false, paging: 'start' } as const
      const read = wireReader(seat, list, { parts: fileParts, toItem, search, alsoBroken }, options)
      return listPages({ name: 'files', read, size })
    },
    async filesOn(containerId, _type, options) {
      const path = `${apiPath}/rest/api/content/${containerId}/child/attachment`
      const list = { path, limit: mostWithParts, query: { expand: fileParts } }
      const files: FileItem[] = []
      for await (const wire of listByStart<WireFile>(http, list, options)) files.push(toItem(wire))
      return files
    },
    async fileStatus(id, { signal }) {
      const status = await statusOf(`att${id}`, signal)
      // Older versions write ids of files as they write any other.
      return status === 'gone' ? statusOf(id, signal) : status
    },
    saveForeign: saveForeignWith(seat),
    saveFile({ containerId, title, version }, target, { signal }) {
      const path = `${apiPath}/download/attachments/${containerId}/${encodeURIComponent(title)}`
      return save(seat, path, { version, api: 'v2' }, { ...target, signal })
    },
  }
}
