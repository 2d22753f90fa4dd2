/**
 * Replacing files whole: the new content is written to a draft elsewhere on the same disk, and one rename puts it in place. Drafts stand
 * apart from the files that people read, so that a run that was killed leaves nothing among those; the next run sweeps up after it.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

export interface Drafts {
  /** Removes the drafts of runs on this machine that are no more, and writes one to see that it can. */
  open(): Promise<void>
  /** A reader of the target sees the old content or the new one, never half of one. */
  replace(target: string, content: string): Promise<void>
  close(): Promise<void>
}

const prefix = `drafts-${hostname()}-`

/** @param folder where the folder of drafts goes: on the disk that the targets are on */
export function createDrafts(folder: string): Drafts {
  const drafts = join(folder, `${prefix}${process.pid}-${randomUUID()}`)

  const isOver = (name: string) =>
    name.startsWith(prefix) && !isRunning(Number.parseInt(name.slice(prefix.length), 10))

  return {
    async open() {
      await mkdir(folder, { recursive: true })
      for (const name of (await readdir(folder)).filter(isOver))
        await rm(join(folder, name), { recursive: true, force: true })
      await mkdir(drafts)
      await writeFile(join(drafts, 'proof'), 'written to see that it can be\n')
    },
    async replace(target, content) {
      const draft = join(drafts, randomUUID())
      try {
        await writeFile(draft, content)
        await rename(draft, target)
      } catch (thrown) {
        await rm(draft, { force: true }).catch(() => {})
        throw thrown
      }
    },
    close: () => rm(drafts, { recursive: true, force: true }),
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    // It runs, as somebody else.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
