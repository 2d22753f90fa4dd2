/**
 * Replacing files whole: the new content is written to a draft elsewhere on the same disk, and one rename puts it in place. Drafts stand
 * apart from the files that people read, so that a run that was killed leaves nothing among those; the next run sweeps up after it.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ownPrefix, sweepLeftovers } from '../../util/leftovers.ts'

export interface Drafts {
  /** Removes the drafts of runs on this machine that are no more, and writes one to see that it can. */
  open(): Promise<void>
  /** A reader of the target sees the old content or the new one, never half of one. The content has been taken when this returns. */
  replace(target: string, content: Uint8Array): Promise<void>
  close(): Promise<void>
}

/**
 * A local disk takes a document in a tenth of a millisecond. Asking a thread for each of four calls costs three times that and gives
 * other work no time worth having; so files are written at once, until so many in a row took longer than so many milliseconds. Such a disk
 * is far away: from then on other work goes on while it is waited for.
 */
const slowInRow = 3
const slowFrom = 5

/** The system takes no two gigabytes in one call. */
const mostAtOnce = 1_000_000_000

/**
 * @param folder where the folder of drafts goes: on the disk that the targets are on
 * @param slow milliseconds from which a write is a slow one
 */
export function createDrafts(folder: string, slow: number = slowFrom): Drafts {
  const drafts = join(folder, `${ownPrefix('drafts')}${randomUUID()}`)
  let inRow = 0

  return {
    async open() {
      await mkdir(folder, { recursive: true })
      await sweepLeftovers(folder, 'drafts')
      await mkdir(drafts)
      await writeFile(join(drafts, 'proof'), 'written to see that it can be\n')
    },
    async replace(target, content) {
      if (inRow >= slowInRow) return replaceBeside(join(drafts, randomUUID()), target, Buffer.from(content))
      const started = performance.now()
      replaceAtOnce(join(drafts, 'draft'), target, content)
      inRow = performance.now() - started > slow ? inRow + 1 : 0
    },
    close: () => rm(drafts, { recursive: true, force: true }),
  }
}

function replaceAtOnce(draft: string, target: string, content: Uint8Array): void {
  try {
    const file = openSync(draft, 'w')
    try {
      for (let at = 0; at < content.length; )
        at += writeSync(file, content, at, Math.min(content.length - at, mostAtOnce))
    } finally {
      closeSync(file)
    }
    renameSync(draft, target)
  } catch (thrown) {
    rmSync(draft, { force: true })
    throw thrown
  }
}

async function replaceBeside(draft: string, target: string, content: Uint8Array): Promise<void> {
  try {
    await writeFile(draft, content)
    await rename(draft, target)
  } catch (thrown) {
    await rm(draft, { force: true }).catch(() => {})
    throw thrown
  }
}
