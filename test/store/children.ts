/**
 * Processes of their own, for what only happens between processes: locks and sudden death.
 *
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'

export interface Child {
  readonly pid: number
  /** The next line that it says; `undefined` when it has ended. */
  line(): Promise<string | undefined>
  tell(text: string): void
  /** SIGKILL, and wait until it is gone. Idempotent. */
  kill(): Promise<void>
}

const children: Child[] = []
afterEach(() => Promise.all(children.splice(0).map((child) => child.kill())))

/** Runs a program; killed after the test if it still runs. */
export function start(program: URL, ...args: string[]): Child {
  const child = spawn(process.execPath, [fileURLToPath(program), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const handle: Child = {
    pid: child.pid!,
    line: async () => (await lines.next()).value as string | undefined,
    tell: (text) => child.stdin.write(`${text}\n`),
    kill: () => kill(child),
  }
  children.push(handle)
  return handle
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
