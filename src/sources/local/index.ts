/**
 * Files of a folder on this machine.
 *
 * @module
 */

import { join } from 'node:path'
import { defineSource } from '../../kit/define.ts'
import { skipsFile } from '../../kit/file-selection.ts'
import type { Probe } from '../../model/checks.ts'
import type { Known, Listed, Revisited, Source } from '../../model/contracts.ts'
import { documentRef } from '../../model/document.ts'
import { OutflowError, reportError } from '../../model/errors.ts'
import { type LocalSettings, settings } from './config.ts'
import { documentOf, fileRef, placeOf, siteOf } from './documents.ts'
import { entriesOf, foundAt, rootOf } from './files.ts'

/** `local({path})`. Links are not followed: what they lead to may be anywhere. */
export default defineSource({ name: 'local', title: 'Folder', settings, create: createSource })

function createSource(given: LocalSettings): Source {
  /** Folders that the last `index` could not list; what was in them is not gone. */
  let unread: string[] = []

  return {
    role: 'source',
    name: 'local',
    checks: () => [folderProbe(given.path)],
    async *index({ signal }) {
      const root = await rootOf(given.path)
      unread = []
      for await (const { name, error } of entriesOf(root, given.recursive, signal)) {
        if (error) unread.push(name)
        yield error ? failed(root.folder, name, error) : await listed(root.folder, name, given)
      }
    },
    async download({ place: { spaceId: folder, objectId: name } }) {
      const { path, stats } = await foundAt(folder, name)
      return { mediaType: '', bytes: stats.size, body: { file: path } }
    },
    async *revisit(known) {
      const { folder } = await rootOf(given.path)
      for (const each of known)
        yield { id: each.document.id, ...(await fateOf(folder, each, { given, unread })) }
    },
    async locate(address) {
      const { folder, file } = await rootOf(address)
      if (file !== undefined) return documentOf(folder, await foundAt(folder, file), given)
      throw new OutflowError({
        kind: 'config',
        code: 'local.not_there',
        message: `"${address}" is a folder, not a file.`,
        fix: 'Name a file in it.',
      })
    },
    usage: () => ({ requests: 0, retries: 0, waitedSeconds: 0 }),
    close: async () => {},
  }
}

function folderProbe(path: string): Probe {
  return {
    name: 'folder',
    title: 'Read the folder',
    required: true,
    async run({ signal }) {
      try {
        const root = await rootOf(path)
        for await (const { error } of entriesOf(root, false, signal)) {
          if (error) throw error
          break
        }
        return { verdict: 'passed', message: join(root.folder, root.file ?? '') }
      } catch (thrown) {
        const { message, fix = '', kind } = reportError(thrown)
        const who = 'whoever runs Outflow'
        return { verdict: 'failed', message, meaning: 'Nothing can be read.', remedy: fix, who, kind }
      }
    },
  }
}

async function listed(folder: string, name: string, given: LocalSettings): Promise<Listed> {
  try {
    const found = await foundAt(folder, name)
    const document = documentOf(folder, found, given)
    const rule = skipsFile(given, { filename: document.filename, mediaType: '', size: found.stats.size })
    if (rule === undefined) return { type: 'document', document }
    const { place } = document
    return { type: 'skipped', document: documentRef(document), place, rule, outOfScope: true }
  } catch (thrown) {
    return failed(folder, name, thrown)
  }
}

function failed(folder: string, name: string, thrown: unknown): Listed {
  const document = fileRef(folder, name)
  return { type: 'failed', document, place: placeOf(folder, name), error: reportError(thrown) }
}

type Fate = Revisited extends infer Each ? (Each extends unknown ? Omit<Each, 'id'> : never) : never

/** What became of a file that was not listed. */
async function fateOf(
  folder: string,
  { document: { title }, place: { site, objectId: name } }: Known,
  { given, unread }: { readonly given: LocalSettings; readonly unread: readonly string[] },
): Promise<Fate> {
  if (site !== siteOf(folder))
    return {
      gone: 'space_out_of_scope',
      message: `"${title}" is in another folder than these settings name.`,
    }
  if (unread.some((each) => each === '' || name.startsWith(`${each}/`)))
    return { unproved: `The folder of "${title}" could not be listed.` }
  if (!given.recursive && name.includes('/'))
    return { gone: 'out_of_scope', message: `"${title}" is in a folder below, and those are left out.` }
  const now = await listed(folder, name, given)
  if (now.type === 'truncated') throw new Error('A file is no limit.')
  if (now.type !== 'failed') return { found: now }
  return now.error.kind === 'missing'
    ? { gone: 'deleted', message: now.error.message }
    : { unproved: now.error.message }
}
