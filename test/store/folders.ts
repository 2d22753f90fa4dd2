/**
 * State folders for tests: of their own, made from one that was made before, on a small disk, on one that is closed to writers.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { entries } from './entries.ts'

const paths: string[] = []
afterAll(() => Promise.all(paths.map((path) => rm(dirname(path), { recursive: true, force: true }))))

/** A path in a new folder, gone after the test file's last test; nothing is there yet. */
export async function newPath(): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'outflow-state-')), 'state')
  paths.push(path)
  return path
}

/** What `usedState` holds, in the workflow `wiki`. */
export const recorded = entries(50)

let template: Promise<string> | undefined

/** A state that was in use and closed. Making one takes seconds; a copy does not. */
export async function usedState(): Promise<string> {
  template ??= makeTemplate()
  const folder = await newPath()
  await cp(await template, folder, { recursive: true })
  return folder
}

async function makeTemplate(): Promise<string> {
  const stateDir = await newPath()
  await using store = await openStore({ stateDir })
  await store.ledger.record('wiki', recorded)
  return stateDir
}

/** Why a test that mounts is skipped elsewhere. */
export const needsMounting = 'needs to be root on Linux, to mount a disk'

const mount = (...args: string[]) => spawnSync('mount', args).status === 0
const mayMount = () => process.platform === 'linux' && process.getuid?.() === 0

/**
 * An empty disk of so many megabytes while `use` runs.
 *
 * @returns `false` where this account cannot mount one
 */
export async function onSmallDisk(megabytes: number, use: (disk: string) => Promise<void>): Promise<boolean> {
  const disk = await newPath()
  await mkdir(disk)
  if (!mayMount() || !mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', disk)) return false
  return usingMount(disk, use)
}

/** A folder that cannot be written to, not even by root, while `use` runs. */
export async function readOnly(folder: string, use: () => Promise<void>): Promise<boolean> {
  if (!mayMount() || !mount('--bind', folder, folder)) return false
  if (!mount('-o', 'remount,bind,ro', folder)) {
    spawnSync('umount', [folder])
    return false
  }
  return usingMount(folder, use)
}

async function usingMount(folder: string, use: (folder: string) => Promise<void>): Promise<true> {
  try {
    await use(folder)
    return true
  } finally {
    spawnSync('umount', ['-l', folder])
  }
}
