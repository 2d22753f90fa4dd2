/**
 * Runs `measure-run.ts` in a process of its own, so that time and peak memory are those of one run.
 *
 * @module
 */

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { JobFinished } from '../src/model/events.ts'
import type { SandboxProcess } from './sandbox-process.ts'

export type MeasuredRun = JobFinished & { readonly peak_megabytes: number }

export async function measureRun(
  { url, username, api_token }: SandboxProcess,
  output_dir: string,
): Promise<MeasuredRun> {
  const settings = {
    ...{ url, username, api_token, output_dir },
    ...{ max_num_of_docs_from_each_space: 0, max_num_of_spaces: 1_000 },
  }
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'measure-run.ts'),
    JSON.stringify(settings),
  ])
  return JSON.parse(stdout) as MeasuredRun
}
