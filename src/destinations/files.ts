/**
 * Elements as files in a folder: `DIR/{space key}/{page id}.html.json`, and the job's report under `DIR/_outflow/`.
 *
 * @module
 */

import { existsSync } from 'node:fs'
import { mkdir, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { z } from 'zod'
import { defineDestination, setting } from '../kit/define.ts'
import type { Stored } from '../model/contracts.ts'
import type { Document } from '../model/document.ts'
import type { Element } from '../model/element.ts'
import { createElementWriter } from '../model/element-bytes.ts'
import { OutflowError } from '../model/errors.ts'
import type { JobFinished, NotDone } from '../model/events.ts'
import type { DocumentPermissions } from '../model/permissions.ts'
import { createDrafts, type Drafts } from './files/drafts.ts'
import { readElements, withPermissions } from './files/stored.ts'

export const settings = z.strictObject({
  output_dir: setting(z.string().min(1), {
    description: 'Folder for the elements; made when it is missing.',
    env: 'OUTFLOW_OUTPUT_DIR',
    example: './outflow-output',
  }),
  format: setting(z.enum(['json', 'ndjson']).default('json'), {
    description:
      'One JSON array a document, one element a line (json), or one element a line and nothing else (ndjson).',
    env: 'OUTFLOW_FORMAT',
    shapes: true,
  }),
})

/** Between the paths of a receipt; names of files and folders hold no line breaks. */
const pathBreak = '\n'

const pathsIn = (stored: Stored | undefined) => stored?.receipt.split(pathBreak) ?? []

/** The report's folder; no space key can be called so. */
const reportFolder = '_outflow'

/**
 * Writes each document atomically: a reader sees the old file or the new one, never half of one. A receipt is a file's path within the
 * folder; or several, a line each, when a run may have died while it moved the file.
 */
export default defineDestination({
  name: 'files',
  title: 'Files in a folder',
  settings,
  create: ({ output_dir, format }) => {
    const root = resolve(output_dir)
    const drafts = createDrafts(join(root, reportFolder))
    const writeElements = createElementWriter(format)
    /** Files of an earlier run keep their format. */
    const writerFor = (path: string) =>
      path.endsWith(`.${format}`)
        ? writeElements
        : createElementWriter(path.endsWith('.json') ? 'json' : 'ndjson')
    const folders = new Set<string>()
    const pathOf = ({ path }: Document) => `${path}.${format}`
    const isThere = (path: string) => existsSync(inside(root, path))

    async function write(path: string, content: () => Uint8Array): Promise<void> {
      const target = inside(root, path)
      const folder = dirname(target)
      try {
        if (!folders.has(folder)) {
          await mkdir(folder, { recursive: true })
          folders.add(folder)
        }
        await drafts.replace(target, content())
      } catch (thrown) {
        folders.delete(folder)
        throw unwritable(root, thrown, path)
      }
    }

    async function remove(path: string): Promise<void> {
      const target = inside(root, path)
      try {
        await rm(target, { force: true }).catch(ignoreFolder)
        await rmdir(dirname(target)).catch(ignoreOthers)
        folders.delete(dirname(target))
      } catch (thrown) {
        throw unwritable(root, thrown, path)
      }
    }

    return {
      role: 'destination',
      name: 'files',
      identity: `files:${root}`,
      folder: root,
      open: () => proveWritable(root, drafts),
      async upload(document: Document, elements: readonly Element[], { signal }, before) {
        signal.throwIfAborted()
        const path = pathOf(document)
        await write(path, () => writeElements(elements))
        for (const old of pathsIn(before)) if (old !== path) await remove(old)
        return path
      },
      receiptOf: (document: Document, before?: Stored) =>
        [...new Set([...pathsIn(before), pathOf(document)])].join(pathBreak),
      async updateAccess(stored: Stored, permissions: DocumentPermissions, { signal }) {
        signal.throwIfAborted()
        const paths = pathsIn(stored)
        const there = paths.filter(isThere)
        for (const path of there.length > 0 ? there : paths) {
          const elements = await readElements(inside(root, path))
          await write(path, () => writerFor(path)(withPermissions(elements, permissions)))
        }
      },
      async read(stored: Stored, { signal }) {
        signal.throwIfAborted()
        const path = pathsIn(stored).find(isThere)
        return path === undefined ? undefined : readElements(inside(root, path))
      },
      async remove(stored: Stored) {
        for (const path of pathsIn(stored)) await remove(path)
      },
      missing: async (stored: readonly Stored[]) =>
        stored.filter((each) => !pathsIn(each).some(isThere)).map(({ id }) => id),
      finish: (summary: JobFinished, notDone: readonly NotDone[]) =>
        write(join(reportFolder, 'job.json'), () =>
          Buffer.from(`${JSON.stringify({ ...summary, not_done: notDone }, null, 2)}\n`),
        ),
      close: drafts.close,
    }
  },
})

/** @throws {OutflowError} `config`: the path is a file, or the folder cannot be made or written to */
async function proveWritable(root: string, drafts: Drafts): Promise<void> {
  try {
    await drafts.open()
  } catch (thrown) {
    const blocked = await stat(root)
      .then((entry) => !entry.isDirectory())
      .catch(() => false)
    throw blocked ? notAFolder(root, thrown) : unwritable(root, thrown)
  }
}

/** Paths come from a wiki: whatever they say, nothing is written outside the folder. */
function inside(root: string, path: string): string {
  const target = resolve(root, path)
  if (target.startsWith(root.endsWith(sep) ? root : root + sep)) return target
  throw new OutflowError({
    kind: 'content',
    code: 'files.path_outside',
    message: `The path "${path}" leads out of the output folder.`,
    fix: 'Please report this with the name of the page.',
  })
}

function notAFolder(root: string, cause: unknown): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'files.not_a_folder',
    message: `The output folder ${root} is a file.`,
    fix: 'Name another folder with --output-dir.',
    cause,
  })
}

/** @param path of the one file that it is about, within the folder */
function unwritable(root: string, cause: unknown, path?: string): unknown {
  const reason = errno(cause)
  if (reason === undefined) return cause
  if (reason === 'ENOSPC' || reason === 'EDQUOT')
    return new OutflowError({
      kind: 'config',
      code: 'files.disk_full',
      message: `No room is left for ${root}.`,
      fix: 'Free some space or name another folder with --output-dir; what is written so far is whole.',
      cause,
    })
  if (path === undefined || general.has(reason))
    return new OutflowError({
      kind: 'config',
      code: 'files.not_writable',
      message: `The output folder ${root} cannot be written to (${reason}).`,
      fix: 'Give this user the right to write there, or name another folder with --output-dir.',
      cause,
    })
  return new OutflowError({
    kind: 'content',
    code: 'files.not_written',
    message: `The file ${join(root, path)} could not be written (${reason}).`,
    fix: 'See what stands at this path, and move it away.',
    cause,
  })
}

/** A folder where a file would be is somebody else's. */
function ignoreFolder(thrown: unknown): void {
  if (errno(thrown) !== 'ERR_FS_EISDIR') throw thrown
}

/** A folder with something else in it stays. */
function ignoreOthers(thrown: unknown): void {
  if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errno(thrown) ?? '')) throw thrown
}

/** What every other file in the folder would run into as well. */
const general: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS'])

function errno(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined
}
