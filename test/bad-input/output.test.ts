import { spawnSync } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Element } from '../../src/model/element.ts'
import { generatedWorld, type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { outflow, startOutflow } from '../cli/outflow.ts'
import { accountFlags, filesIn, newFolder, runArguments } from './trying.ts'
import { smallWiki } from './wiki.ts'

const largeSite = () => generatedWorld({ pages: 3000, spaces: 3, seed: 9, flavour: 'cloud' })

async function serving<Result>(
  options: Partial<Parameters<typeof startSandbox>[0]>,
  use: (sandbox: Sandbox, flags: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const sandbox = await startSandbox({ world: smallWiki().world, flavour: 'cloud', ...options })
  try {
    return await use(sandbox, runArguments(sandbox, 'cloud'))
  } finally {
    await sandbox.close()
  }
}

/** Asked of the site by a run that should not have begun. */
const requestsTo = ({ stats }: Sandbox) => stats.read().recorded.length

describe('an output folder that', () => {
  it('is a file: refused before the site is asked for anything, the file untouched', () =>
    serving({}, async (sandbox, flags) => {
      const file = join(await newFolder(), 'wiki')
      await writeFile(file, 'precious')
      const { code, stdout } = await outflow([...flags, '--output-dir', file])
      expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringMatching(/is a file/) })
      expect(stdout).toContain('--output-dir')
      expect(await readFile(file, 'utf8')).toBe('precious')
      expect(requestsTo(sandbox)).toBe(0)
    }))

  it('lies below a file: refused', () =>
    serving({}, async (sandbox, flags) => {
      const file = join(await newFolder(), 'wiki')
      await writeFile(file, 'precious')
      const { code, stdout } = await outflow([...flags, '--output-dir', join(file, 'deeper')])
      expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringContaining(file) })
      expect(requestsTo(sandbox)).toBe(0)
    }))

  it('cannot be written to: refused before the site is asked for anything', () =>
    serving({}, async (sandbox, flags) => {
      const { code, stdout } = await outflow([...flags, '--output-dir', await readOnlyFolder()])
      expect({ code, stdout }).toEqual({
        code: 2,
        stdout: expect.stringMatching(/cannot be (made or )?writ/),
      })
      expect(requestsTo(sandbox)).toBe(0)
    }))

  it('holds a folder where a file should go: that document fails, the others arrive', () =>
    serving({}, async (sandbox, flags) => {
      const output = await newFolder()
      const [hr, eng] = sandbox.world.spaces.map(({ id }) => sandbox.world.list(id, 'page').at(0).id)
      await mkdir(join(output, 'HR', `${hr}.html.json`, 'in the way'), { recursive: true })
      const { code, stdout } = await outflow([...flags, '--output-dir', output])
      expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringContaining('Good page') })
      expect(stdout).toContain(`${hr}.html.json`)
      expect(await filesIn(output)).toEqual([`ENG/${eng}.html.json`])
    }))

  it('gets full: stops, says so, and every file there is whole', ({ skip }) =>
    serving({ world: largeSite() }, async (_, flags) => {
      const disk = await newFolder()
      if (!mounted(disk)) skip('needs to be root on Linux, to mount a small disk')
      try {
        const limits = ['--max-num-of-docs-from-each-space', '0']
        const { code, stdout } = await outflow([...flags, '--output-dir', disk, ...limits])
        expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringMatching(/No room is left/) })
        const files = await filesIn(disk)
        expect(files.length).toBeGreaterThan(5)
        for (const path of files) JSON.parse(await readFile(join(disk, path), 'utf8'))
      } finally {
        spawnSync('umount', [disk])
      }
    }))
})

describe('a run that is cut short', () => {
  it(
    'by SIGKILL: every file is whole, and the next run completes what is missing',
    () =>
      serving({ world: largeSite(), latencyMs: 5 }, async (_, flags) => {
        const output = await newFolder()
        const all = [...flags, '--output-dir', output, '--max-num-of-docs-from-each-space', '0']
        const { child, outcome } = startOutflow([...all, '--json'])
        let done = 0
        child.stdout!.on('data', (chunk) => {
          done += String(chunk).split('document.done').length - 1
          if (done > 100) child.kill('SIGKILL')
        })
        expect((await outcome).code).toBeNull()
        const left = (await filesIn(output)).filter((path) => path.endsWith('.json'))
        expect(left.length).toBeGreaterThan(50)
        for (const path of left)
          expect(JSON.parse(await readFile(join(output, path), 'utf8'))).not.toEqual([])

        const again = await outflow([...all, '--quiet'])
        expect({ code: again.code, stdout: again.stdout }).toMatchObject({ code: 0 })
        const files = await filesIn(output)
        expect(files).toHaveLength(3000)
        expect(files.filter((path) => !path.endsWith('.html.json'))).toEqual([])
      }),
    90_000,
  )

  it('by a reader of stdout that leaves, as `| head` does: stops in good order', () =>
    serving({ world: largeSite() }, async (_, flags) => {
      const output = await newFolder()
      const { child, outcome } = startOutflow([...flags, '--output-dir', output, '--json'])
      child.stdout!.once('data', () => child.stdout!.destroy())
      const { stderr, code } = await outcome
      expect(stderr).not.toMatch(/EPIPE|at .*:\d+:\d+/)
      expect(code).toBe(130)
      for (const path of await filesIn(output))
        expect(JSON.parse(await readFile(join(output, path), 'utf8')) as Element[]).not.toEqual([])
    }))
})

describe('a terminal', () => {
  it('never gets control characters that came from a wiki', async () => {
    const wiki = smallWiki()
    const title = 'Bad \u001b[2J\u001b]0;owned\u0007 title \u202e reversed'
    const page = wiki.world.addPage(wiki.home, title, { body: `<p>Text \u009b31m and \u0007</p>` })
    await serving({ world: wiki.world }, async (sandbox, flags) => {
      const output = await newFolder()
      await mkdir(join(output, 'HR', `${page.id}.html.json`, 'in the way'), { recursive: true })
      const run = await outflow([...flags, '--output-dir', output])
      expect(run.stdout).toContain('title')
      const address = `${sandbox.url}/wiki/spaces/HR/pages/${page.id}/x`
      const inspect = await outflow(['inspect', address, ...accountFlags(sandbox, 'cloud')])
      expect(inspect.stdout).toContain('Text')
      const check = await outflow(['check', 'confluence', ...accountFlags(sandbox, 'cloud')])
      for (const { stdout, stderr } of [run, inspect, check])
        expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e]/u)
    })
  })
})

/** Root may write wherever a file system lets anybody write; /sys lets nobody make files. */
async function readOnlyFolder(): Promise<string> {
  if (process.getuid?.() === 0) return '/sys/kernel/outflow'
  const folder = join(await newFolder(), 'closed')
  await mkdir(folder)
  await chmod(folder, 0o500)
  return folder
}

/** Puts a disk of 1 MB there; false where this account cannot. */
function mounted(folder: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0
}
