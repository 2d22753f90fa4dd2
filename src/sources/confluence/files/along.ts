/**
 * The files of a space, each right after the page or post that it is on: they are decided as it is.
 *
 * @module
 */

import type { Listed } from '../../../model/contracts.ts'
import type { Along } from '../along.ts'
import type { Space } from '../api.ts'
import type { ConfluenceSettings } from '../config.ts'
import { filesFailed, listFile } from '../files.ts'
import { isLocal } from '../seat.ts'
import type { Wiki } from '../wiki.ts'
import { filePlace, fileRef } from './document.ts'
import type { FilesByPage } from './shelf.ts'

interface FilesAlong {
  readonly wiki: Wiki
  readonly space: Space
  readonly settings: ConfluenceSettings
}

/** Lists them, at the first call for a site or for a space. Throws only what stops the run. */
export async function filesAlong({ wiki, space, settings }: FilesAlong): Promise<Along> {
  let files: FilesByPage = new Map()
  let failure: Listed | undefined
  try {
    files = await wiki.files.ofSpace(space)
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    failure = filesFailed(wiki.api.site, space, thrown)
  }
  return {
    complete: failure === undefined,
    *problem() {
      if (failure) yield failure
    },
    async *after(listed, page) {
      if (listed.type !== 'document') return
      const { document } = listed
      const on = files.get(page.item.id) ?? []
      yield* await Promise.all(on.map((file) => listFile(file, { page, document, settings })))
    },
    *skippedWith(page, rule) {
      const { parent } = page.item
      const above = parent ? [parent.id] : []
      for (const file of files.get(page.item.id) ?? []) {
        const ref = { document: fileRef(file, page), place: filePlace(file, page, above) }
        yield { type: 'skipped', ...ref, rule, outOfScope: true }
      }
    },
  }
}
