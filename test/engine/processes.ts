/**
 * The service in processes of its own, to be stopped, killed and started again.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type Outcome, startOutflow } from '../cli/outflow.ts'

export interface Running {
  readonly child: ChildProcess
  readonly outcome: Promise<Outcome>
  /** Of a process that serves. */
  readonly url: string
  /** The first time. */
  readonly apiKey: string | undefined
}

interface StartOptions {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
}

/** Processes that share a database share the key of its secrets. */
const secretKey = Buffer.alloc(32, 7).toString('base64')

export const environmentOf = (environment: StartOptions['environment']) => ({
  OUTFLOW_LOG_LEVEL: 'error',
  OUTFLOW_SECRET_KEY: secretKey,
  ...environment,
})

/** `outflow ARGS… --json`, once it says that it is ready. @throws when it ends instead, with what it said */
export async function start(
  args: readonly string[],
  { folder, environment }: StartOptions,
): Promise<Running> {
  const { child, outcome } = startOutflow([...args, '--json'], {
    folder,
    environment: environmentOf(environment),
  })
  const ready = await Promise.race([
    firstLine(child),
    outcome.then(({ code, stderr }) => {
      throw new Error(`outflow ${args.join(' ')} ended with ${code} before it was ready:\n${stderr}`)
    }),
  ])
  const { url = '', api_key: apiKey } = JSON.parse(ready) as { url?: string; api_key?: string }
  return { child, outcome, url, apiKey }
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
  return line
}

/** Ends it by a signal, unless it has ended. @returns once it is gone */
export async function end({ child, outcome }: Running, signal: NodeJS.Signals): Promise<Outcome> {
  // A process that stands still takes no other signal than this one.
  if (signal !== 'SIGKILL') child.kill('SIGCONT')
  child.kill(signal)
  return outcome
}
