import { cp, mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import { outflow } from '../cli/outflow.ts'

const root = join(import.meta.dirname, '..', '..')

/** Every command of a `sh` block that is ours to run. Blocks meant to be read only are `text`. */
async function documentedCommands(): Promise<readonly (readonly [page: string, command: string])[]> {
  const docs = await readdir(join(root, 'docs'), { recursive: true })
  const pages = [
    'README.md',
    ...docs.filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
  ]
  const found = await Promise.all(
    pages.map(async (page) => {
      const text = await readFile(join(root, page), 'utf8')
      return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
        .flatMap(([, block]) => block!.replaceAll('\\\n', ' ').split('\n'))
        .map((line) => line.replace(/\s+#.*$/, '').trim())
        .filter((line) => /^(npx )?outflow /.test(line))
        .map((line) => [relative(root, join(root, page)), line.replace(/^npx /, '')] as const)
    }),
  )
  return found.flat()
}

const commands = await documentedCommands()

describe('documented commands', () => {
  let sandbox: Sandbox
  let folder: string
  beforeAll(async () => {
    sandbox = await startSandbox({ world: sampleWorld(), flavour: 'cloud' })
    folder = await mkdtemp(join(tmpdir(), 'outflow-docs-'))
    await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true })
  })
  afterAll(() => sandbox.close())

  it('are there', () => expect(commands.length).toBeGreaterThan(5))

  it.each(commands)('%s: %s', async (_, command) => {
    const { username, api_token } = sandbox.credentials
    const { code, stderr } = await outflow(command.split(/\s+/).slice(1), {
      folder,
      environment: {
        CONFLUENCE_URL: sandbox.url,
        CONFLUENCE_USERNAME: username,
        CONFLUENCE_API_TOKEN: api_token,
      },
    })
    expect({ code, stderr }).toMatchObject({ code: 0 })
  })
})
