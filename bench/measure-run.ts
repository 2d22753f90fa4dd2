/**
 * The child that a benchmark measures: one whole run, list to files on disk, and what it took. Settings come as JSON in the first argument.
 *
 * @module
 */

import files from '../src/destinations/files.ts'
import html from '../src/partition/html.ts'
import { run } from '../src/pipeline/run.ts'
import confluence from '../src/sources/confluence/index.ts'
import { openStore } from '../src/store/index.ts'

const { output_dir, state_dir, ...settings } = JSON.parse(process.argv[2]!) as {
  readonly output_dir: string
  readonly state_dir?: string
  readonly url: string
}

const workflow = { source: confluence(settings), steps: [html({})], destination: files({ output_dir }) }
const store = state_dir === undefined ? undefined : await openStore({ stateDir: state_dir })
const memory = store && { memory: { ledger: store.ledger, workflow: 'bench' } }
for await (const event of run(workflow, memory))
  if (event.type === 'job.finished')
    console.log(JSON.stringify({ ...event, peak_megabytes: process.resourceUsage().maxRSS / 1024 }))
await store?.close()
