import { run } from 'outflow'
import files from 'outflow/destinations/files'
import html from 'outflow/partition/html'
import { sampleWorld, startSandbox } from 'outflow/sandbox'
import confluence from 'outflow/sources/confluence'
import { openStore } from 'outflow/store'

const world = sampleWorld()
const sandbox = await startSandbox({ world, flavour: 'cloud' })
const { username, api_token } = sandbox.credentials

// Where runs remember: a folder, or { databaseUrl: 'postgres://…' }.
const store = await openStore({ stateDir: './state' })
const memory = { ledger: store.ledger, workflow: 'the wiki' }

async function runOnce() {
  const workflow = {
    source: confluence({ url: sandbox.url, username, api_token }),
    steps: [html({})],
    destination: files({ output_dir: './wiki' }),
  }
  for await (const event of run(workflow, { memory, removals: { onAccessLost: 'keep' } }))
    if (event.type === 'job.finished') console.log(event.outcome, event.coverage, event.removed, event.held)
}

await runOnce()
world.trash(world.list(world.spaces[1]!.id, 'page').at(3))
await runOnce()
await store.close()
await sandbox.close()
