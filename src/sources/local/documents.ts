/**
 * From a file to a document: id, path, version.
 *
 * @module
 */

import type { Stats } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Document, DocumentRef, Place } from '../../model/document.ts'
import { type DocumentPermissions, unknownPermissions } from '../../model/permissions.ts'
import type { LocalSettings } from './config.ts'

/** A file below the folder. */
export interface Found {
  readonly stats: Stats
  /** Absolute. */
  readonly path: string
  /** Below the folder, with `/`. */
  readonly name: string
}

export function documentOf(root: string, { path, name, stats }: Found, settings: LocalSettings): Document {
  const folders = dirname(name) === '.' ? [] : dirname(name).split('/')
  return {
    ...fileRef(root, name),
    place: placeOf(root, name),
    path: name.split('/').map(safe).join('/'),
    filename: basename(name),
    // Its content tells the type, and nobody else does.
    mediaType: '',
    version: `${Math.round(stats.mtimeMs)}-${stats.size}`,
    createdAt: stats.birthtime,
    modifiedAt: stats.mtime,
    ancestors: folders,
    labels: [],
    recordLocator: { path },
    permissions: permissionsOf(settings),
  }
}

export const fileRef = (root: string, name: string): DocumentRef => ({
  id: `${siteOf(root)}/file/${name}`,
  kind: 'file',
  title: basename(name) || basename(root),
  url: pathToFileURL(join(root, name)).href,
  space: basename(root),
})

export const siteOf = (root: string) => `local:${root.split(sep).join('/')}`

export const placeOf = (root: string, name: string): Place => ({
  site: siteOf(root),
  objectId: name,
  spaceId: root,
  parentIds: dirname(name) === '.' ? [] : dirname(name).split('/'),
})

/** What every file system takes; never `.` or `..`, which a name below a folder cannot be anyway. */
function safe(name: string): string {
  return name.replaceAll(/[\p{Cc}<>:"\\|?*]/gu, '_').slice(0, 200)
}

/** By the settings alone: permissions of a file system say who may use that machine, not who may read in search. */
function permissionsOf({ users, groups }: LocalSettings): DocumentPermissions {
  if (users.length === 0 && groups.length === 0)
    return unknownPermissions('A local file: its settings name no readers.')
  const readers = { users: [...users].sort(), groups: [...groups].sort() }
  const nobody = { users: [], groups: [] }
  return {
    data: [{ read: readers }, { update: nobody }, { delete: nobody }],
    status: 'complete',
    rules: { read: [{ from: 'settings', ...readers }], update: [], delete: [] },
  }
}
