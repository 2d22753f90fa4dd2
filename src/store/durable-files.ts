/**
 * The files of the embedded database, with the one call that PGlite leaves out. Its file system knows no fsync, and so PGlite tells
 * PostgreSQL not to ask for any: what a crash of the process survives, a power cut may not. Given the call, PostgreSQL does on its own what
 * it does on a server: a commit returns when its log is on the disk, and a page is written after the log that tells of it.
 *
 * @module
 */

import { closeSync, fsyncSync, openSync } from 'node:fs'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** Writes everything of an open file or folder to the disk, and returns when it is there. */
export type Sync = (descriptor: number) => void

/** What PostgreSQL is started with: PGlite's parameters, but for the one (`-F`) that turns fsync off. */
export const durableParameters: string[] = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F')

/** The setting that goes with it: other methods use calls that never reach the file system. */
export const durableSetting = 'wal_sync_method = fsync'

/** The parts of emscripten's bridge to Node's files that are used here. */
interface NodeBridge {
  readonly stream_ops: { fsync?: (stream: OpenFile) => number }
  realPath(node: unknown): string
  /** Turns an error of Node into one that PostgreSQL understands. */
  tryFSOperation(work: () => void): void
}

interface OpenFile {
  readonly node: unknown
  /** Absent for a folder. */
  readonly nfd?: number
}

/** A file system for PGlite over a folder. */
export function durableFiles(folder: string, sync: Sync = fsyncSync): NonNullable<PGliteOptions['fs']> {
  const files = new NodeFS(folder)
  const init = files.init.bind(files)
  files.init = async (database, given) => {
    const { emscriptenOpts } = await init(database, given)
    const preRun = [emscriptenOpts.preRun ?? []].flat()
    preRun.push(({ FS }) => {
      const { filesystems } = FS as unknown as { readonly filesystems: { readonly NODEFS: NodeBridge } }
      teachSync(filesystems.NODEFS, sync)
    })
    return { emscriptenOpts: { ...emscriptenOpts, preRun } }
  }
  return files
}

function teachSync(bridge: NodeBridge, sync: Sync): void {
  bridge.stream_ops.fsync = ({ node, nfd }) => {
    bridge.tryFSOperation(() => (nfd === undefined ? syncFolder(bridge.realPath(node), sync) : sync(nfd)))
    return 0
  }
}

/** Makes the names in a folder durable: files that were made or renamed. Windows has no such call and needs none. */
function syncFolder(path: string, sync: Sync): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(path, 'r')
  try {
    sync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
