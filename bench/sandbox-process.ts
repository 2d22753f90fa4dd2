/**
 * A sandbox in a process of its own, so that its work and its memory are not counted as ours.
 *
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface SandboxProcess {
  readonly url: string
  readonly username: string
  readonly api_token: string
  readonly token: string
  readonly password: string
  stop(): Promise<void>
}

/** @param flags as for `outflow sandbox` */
export async function sandboxProcess(flags: readonly string[]): Promise<SandboxProcess> {
  const bin = join(import.meta.dirname, '..', 'bin', 'outflow.cjs')
  const child = spawn(process.execPath, [bin, 'sandbox', '--json', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await firstLine(child)
  return { ...(JSON.parse(line) as Omit<SandboxProcess, 'stop'>), stop: () => stop(child) }
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line
  throw new Error('The sandbox ended before it listened.')
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
