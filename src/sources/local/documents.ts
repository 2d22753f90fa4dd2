/**
 * From a file to a document: id, path, version.
 *
 * @module
 */

import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
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

/** Bytes of a name that leave room for endings; file systems take 255. */
const mostBytes = 200

/**
 * What every file system takes; never `.` or `..`, which a name below a folder cannot be anyway. A name that has to be changed ends with a hash
 * of what it was, so that no two become one.
 */
function safe(name: string, index: number): string {
  const plain = name.replaceAll(/[\p{Cc}<>:"\\|?*]/gu, '_').toWellFormed()
  const isOurs = index === 0 && plain.toLowerCase() === ownFolder
  if (plain === name && Buffer.byteLength(name) <= mostBytes && !isOurs) return name
  return `${cut(plain, mostBytes - 9)}~${hash('sha256', name, 'hex').slice(0, 8)}`
}

/** Where the files destination keeps what is its own. */
const ownFolder = '_outflow'

/** At the end of a character, so that no more than these bytes are left. */
function cut(text: string, bytes: number): string {
  const characters = Array.from(text)
  let size = Buffer.byteLength(text)
  while (size > bytes) size -= Buffer.byteLength(characters.pop()!)
  return characters.join('')
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
