/**
 * Files that were seen before and that no list brought.
 *
 * @module
 */

import type { FileItem } from '../api.ts'
import { listFile } from '../files.ts'
import type { AttachedKind } from '../revisit-attached.ts'
import type { Revisit } from '../visit.ts'

export function fileKind({ wiki, settings }: Revisit): AttachedKind<FileItem> {
  return {
    kind: 'attachment',
    unwanted: settings.extract_files ? undefined : 'Files are not read by these settings.',
    // One that a filter leaves out is listed as such.
    unwantedOne: () => undefined,
    async on({ item, space }, context) {
      const type = item.type === 'blogpost' ? 'blogpost' : 'page'
      const files = await wiki.api.filesOn(item.id, type, context)
      return new Map(files.map((file) => [file.id, { ...file, spaceId: space.id }]))
    },
    list: (file, page) => listFile(file, { ...page, settings }),
    fateOf: ({ place }, context) => wiki.api.fileStatus(place.objectId, context),
  }
}
