/**
 * Folders of one process each, named after it, so that the next one sweeps up what a killed one left.
 *
 * @module
 */

import { readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

const machine = (kind: string): string => `${kind}-${hostname()}-`

/** What the name of this process's folder of a kind begins with; something that no other has is to follow. */
export const ownPrefix = (kind: string): string => `${machine(kind)}${process.pid}-`

/** Removes the folders of this kind whose processes, on this machine, are no more. What cannot be removed stays. */
export async function sweepLeftovers(folder: string, kind: string): Promise<void> {
  const prefix = machine(kind)
  const isOver = (name: string) =>
    name.startsWith(prefix) && !isRunning(Number.parseInt(name.slice(prefix.length), 10))
  for (const name of (await readdir(folder)).filter(isOver))
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => {})
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    // It runs, as somebody else.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
