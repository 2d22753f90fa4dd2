/**
 * Runs `measure-run.ts` in a process of its own, so that time and peak memory are those of one run.
 *
 * @module
 */

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { JobFinished } from '../src/model/events.ts'
import type { SandboxOptions } from '../src/sandbox/index.ts'
import type { SandboxProcess } from './sandbox-process.ts'

type Flavour = SandboxOptions['flavour']

export type MeasuredRun = JobFinished & { readonly peak_megabytes: number }

/** @param state_dir where it remembers; without, it is a first run */
export async function measureRun(
  { url, username, api_token, token }: SandboxProcess,
  output_dir: string,
  { flavour = 'cloud', state_dir }: { readonly flavour?: Flavour; readonly state_dir?: string } = {},
): Promise<MeasuredRun> {
  const account = flavour === 'cloud' ? { url, username, api_token } : { url, token }
  const settings = {
    ...{ ...account, output_dir, state_dir },
    ...{ max_num_of_docs_from_each_space: 0, max_num_of_spaces: 1_000 },
  }
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'measure-run.ts'),
    JSON.stringify(settings),
  ])
  return JSON.parse(stdout) as MeasuredRun
}
