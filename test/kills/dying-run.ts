/**
 * A program: one run of a workflow that dies right after its destination did one thing, before anything can be written down about it.
 * `node dying-run.ts '{"source": {…}, "output": …, "state": …, "after": "upload", "page": "…"}'`
 *
 * @module
 */

import files from '../../src/destinations/files.ts'
import type { Destination } from '../../src/model/contracts.ts'
import html from '../../src/partition/html.ts'
import { run } from '../../src/pipeline/run.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { openStore } from '../../src/store/index.ts'

export interface DyingRun {
  readonly source: Parameters<typeof confluence>[0]
  readonly output: string
  readonly state: string
  /** Absent: it lives. */
  readonly after?: 'upload' | 'updateAccess' | 'remove'
  /** Id of the page that it dies of. */
  readonly page?: string
}

const { source, output, state, after, page } = JSON.parse(process.argv[2]!) as DyingRun
const destination = files({ output_dir: output })
// In place, since a plugin is known by its object.
if (after !== undefined) Object.assign(destination, { [after]: deadly(destination[after]!) })
await using store = await openStore({ stateDir: state })
const workflow = { source: confluence(source), steps: [html({})], destination }
const memory = { ledger: store.ledger, workflow: destination.identity! }
for await (const event of run(workflow, { memory })) console.log(JSON.stringify(event))

type Deed = NonNullable<Destination[NonNullable<DyingRun['after']>]>

function deadly(deed: Deed) {
  const act = deed as (subject: { readonly id: string }, ...rest: readonly unknown[]) => Promise<unknown>
  return async (subject: { readonly id: string }, ...rest: readonly unknown[]) => {
    const result = await act(subject, ...rest)
    if (subject.id.endsWith(`/page/${page}`)) process.kill(process.pid, 'SIGKILL')
    return result
  }
}
