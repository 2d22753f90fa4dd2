import { run } from 'outflow'
import files from 'outflow/destinations/files'
import auto from 'outflow/partition/auto'
import { sampleWorld, startSandbox } from 'outflow/sandbox'
import confluence from 'outflow/sources/confluence'

// A sample Confluence on this machine. Put your own address and credentials here instead.
const sandbox = await startSandbox({ world: sampleWorld(), flavour: 'cloud' })
const { username, api_token } = sandbox.credentials

for await (const event of run({
  source: confluence({ url: sandbox.url, username, api_token, extract_files: true }),
  steps: [auto({})],
  destination: files({ output_dir: './wiki' }),
})) {
  if (event.type === 'document.failed') console.error(event.document.title, event.error.message)
  if (event.type === 'job.finished') console.log(event.outcome, event.coverage)
}
await sandbox.close()
