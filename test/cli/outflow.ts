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

export function startOutflow(
  args: readonly string[],
  environment: Record<string, string> = {},
): { child: ChildProcess; outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, [bin, ...args], {
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

export function outflow(args: readonly string[], environment?: Record<string, string>): Promise<Outcome> {
  return startOutflow(args, environment).outcome
}
