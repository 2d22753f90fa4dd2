/**
 * A folder of storage-format files as a wiki of one space, so that any corpus can be walked. Every file is a page, readable for
 * everybody with a licence.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { OutflowError } from '../model/errors.ts'
import { type MemoryWorld, memoryWorld } from './memory-world.ts'
import { ADMINISTER, VIEW } from './principals.ts'

const endings = ['.xml', '.xhtml', '.html']

/**
 * Titles are file names without their ending; ids follow the order of the names. Files are read when they are asked for, so a
 * changed file is served as it is.
 *
 * @throws {OutflowError} `config` when there is no such folder, it cannot be read, or it holds no such file.
 */
export function folderWorld(folder: string): MemoryWorld {
  const root = resolve(folder)
  const names = storageFiles(root)
  const world = memoryWorld({ name: basename(root) })
  const space = world.addSpace('FOLDER', basename(root), { description: `Files of ${basename(root)}` })
  world.grant(space, world.crawler, ADMINISTER)
  world.grant(space, 'all-licensed-users', VIEW)
  for (const { name, title } of titled(names)) {
    world.addPage(space, title, { body: () => readFileSync(join(root, name), 'utf8') })
  }
  return world
}

function storageFiles(root: string): readonly string[] {
  const names = namesIn(root).filter((name) => endings.includes(extname(name).toLowerCase()))
  if (names.length > 0) return names.toSorted()
  throw new OutflowError({
    kind: 'config',
    code: 'sandbox.folder.empty',
    message: `The folder ${root} holds no storage-format file.`,
    fix: `Put files that end with ${endings.join(', ')} directly into it; folders below it are not looked into.`,
  })
}

function namesIn(root: string): readonly string[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
  } catch (cause) {
    throw new OutflowError({
      kind: 'config',
      code: 'sandbox.folder.unreadable',
      message: `There is no folder ${root}, or it cannot be read.`,
      fix: 'Name an existing folder of storage-format files.',
      cause,
    })
  }
}

/** Two files that differ by their ending alone keep it, for a space has each title once. */
function titled(names: readonly string[]): readonly { readonly name: string; readonly title: string }[] {
  const bare = (name: string) => name.slice(0, -extname(name).length)
  const count = Map.groupBy(names, bare)
  return names.map((name) => ({ name, title: count.get(bare(name))!.length > 1 ? name : bare(name) }))
}
