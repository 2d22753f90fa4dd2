/**
 * Runs the real command line in a process of its own.
 *
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const bin = join(import.meta.dirname, '..', '..', 'bin', 'outflow.cjs')

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  /** Where it runs. Default: here. */
  readonly folder?: string
  /** All it sees of the environment, beside PATH. */
  readonly environment?: Readonly<Record<string, string>>
}

export function startOutflow(
  args: readonly string[],
  { folder, environment }: Surroundings = {},
): { readonly child: ChildProcess; readonly outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const outcome = new Promise<Outcome>((resolve) => {
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk)
    })
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk)
    })
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { child, outcome }
}

export const outflow = (args: readonly string[], surroundings?: Surroundings): Promise<Outcome> =>
  startOutflow(args, surroundings).outcome
