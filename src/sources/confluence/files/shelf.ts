/**
 * What is attached to which page: by lists of whole spaces where a walk reads them, else page by page.
 *
 * @module
 */

import type { CallContext } from '../../../model/call.ts'
import { OutflowError } from '../../../model/errors.ts'
import { createRecent } from '../../../util/recent.ts'
import type { ConfluenceApi, FileItem, Space } from '../api.ts'
import type { Names } from '../names.ts'
import { isLocal } from '../seat.ts'
import { createSpaceLists } from '../space-lists.ts'
import { unread } from '../unread.ts'

/** By the id of the page or post that they are on. */
export type FilesByPage = ReadonlyMap<string, readonly FileItem[]>

interface FileScope {
  readonly spaces: readonly Space[]
  /** Whether these are all spaces that the account sees. */
  readonly everywhere: boolean
  /** Whether archived pages are read. */
  readonly archived: boolean
}

/** Whose files are asked for. */
interface FileHolder {
  readonly spaceId: string
  readonly id: string
  readonly type: 'page' | 'blogpost'
  /** Changed so lately that lists may not know it. */
  readonly isLate: boolean
}

export interface FileShelf {
  /** From now on, files in these spaces come from lists. Asks nothing yet. */
  fill(scope: FileScope): void
  /**
   * All files of a space that it was filled for; asked once. Their pages may be others than those that were walked.
   *
   * @throws {OutflowError} when the list could not be read to its end: nothing is known then, which is not the same as none
   */
  ofSpace(space: Space): Promise<FilesByPage>
  /** Those on one page or post. @throws {OutflowError} as every call of the API */
  on(holder: FileHolder): Promise<readonly FileItem[]>
}

interface ShelfOptions extends CallContext {
  readonly api: ConfluenceApi
  readonly names: Names
}

/** Pages whose files are remembered. */
const mostPages = 1000

export function createFileShelf({ api, names, signal }: ShelfOptions): FileShelf {
  const alone = createRecent<readonly FileItem[]>(mostPages)
  const byPage = new Map<string, Promise<FilesByPage>>()
  let filled: ReadonlyMap<string, Space> = new Map()
  let listOf: (space: Space) => Promise<readonly FileItem[]> = async () => []

  function fill({ spaces, everywhere, archived: wanted }: FileScope): void {
    const archived = wanted || spaces.some(({ status }) => status === 'archived')
    filled = new Map(spaces.map((space) => [space.id, space]))
    byPage.clear()
    listOf = createSpaceLists({ spaces, everywhere, list })

    /** One that somebody deletes meanwhile can move others to a place that was read already: each counts once. */
    async function list(of: readonly Space[], everywhere: boolean): Promise<readonly FileItem[]> {
      const found = new Map<string, FileItem>()
      try {
        for await (const batch of api.files(of, { everywhere }, { signal, archived }))
          for (const item of batch) {
            names.remember(item.author)
            if (!found.has(item.id)) found.set(item.id, item)
          }
      } catch (thrown) {
        throw isRejected(thrown) ? unread(`The list of files was refused: ${thrown.message}`) : thrown
      }
      return [...found.values()]
    }
  }

  function ofSpace(space: Space): Promise<FilesByPage> {
    const files =
      byPage.get(space.id) ??
      listOf(space).then((items) => Map.groupBy(items, ({ containerId }) => containerId))
    byPage.set(space.id, files)
    return files
  }

  async function fromList({ spaceId, id, isLate }: FileHolder): Promise<readonly FileItem[] | undefined> {
    const space = filled.get(spaceId)
    if (!space || isLate) return undefined
    try {
      return (await ofSpace(space)).get(id) ?? []
    } catch (thrown) {
      if (isLocal(thrown)) return undefined
      throw thrown
    }
  }

  return {
    fill,
    ofSpace,
    on: async (holder) =>
      (await fromList(holder)) ?? alone(holder.id, () => api.filesOn(holder.id, holder.type, { signal })),
  }
}

/** Some versions of Data Center take pages of this list for bad requests now and then. */
const isRejected = (thrown: unknown): thrown is OutflowError =>
  thrown instanceof OutflowError && thrown.code === 'http.rejected'
