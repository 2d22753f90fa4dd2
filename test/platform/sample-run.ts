/**
 * A small run against a sandbox of its own, on behalf of an activity.
 *
 * @module
 */

import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import files from '../../src/destinations/files.ts'
import type { RunEvent } from '../../src/model/events.ts'
import html from '../../src/partition/html.ts'
import { run } from '../../src/pipeline/run.ts'
import { type Activity, duringTask } from '../../src/platform/activity.ts'
import { parseFault } from '../../src/sandbox/index.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { startSmallSite } from '../support/small-site.ts'

/** Runs the small site once as the task `run`, and gives back what was told. */
export async function sampleRun(
  activity: Activity,
  faults: readonly string[] = [],
): Promise<readonly RunEvent[]> {
  const site = await startSmallSite({ faults: faults.map(parseFault) })
  const { token } = site.credentials
  const workflow = {
    source: confluence({ url: site.url, token }),
    steps: [html({})],
    destination: files({ output_dir: await mkdtemp(join(tmpdir(), 'outflow-watched-')) }),
  }
  const events: RunEvent[] = []
  await duringTask('run', activity, async () => {
    for await (const event of run(workflow)) events.push(event)
  })
  await site.close()
  return events
}
