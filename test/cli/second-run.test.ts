import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { generatedWorld } from '../../src/sandbox/index.ts'
import { wiki } from '../second-run/table.ts'
import { jobOf, root, type Scene, stamps, state, within } from './remembering.ts'

describe('outflow run, the second time', () => {
  it('does what changed and leaves the rest alone', () => {
    const { world, travel, holidays, board } = wiki('cloud')
    return within({ world }, async (scene) => {
      expect((await scene.outflow('run', 'confluence')).code).toBe(0)
      const before = await stamps(scene.output)
      world.edit(travel, '<p>By sea.</p>')
      world.restrict(holidays, 'read', [board])
      const { code, stdout } = await scene.outflow('run', 'confluence')
      expect({ code, stdout }).toMatchObject({ code: 0 })
      // "Summary" includes "Travel".
      expect(stdout).toMatch(/found = 2 done \+ 1 access changed \+ \d+ unchanged \+ 0 skipped/)
      const after = await stamps(scene.output)
      expect([...after].filter(([name, at]) => before.get(name) !== at)).toHaveLength(3)
    })
  })
})

describe('outflow retry', () => {
  /** A folder where the file of a page belongs: it cannot be written. */
  const inTheWay = ({ output }: Scene, { id }: { readonly id: string }) => join(output, `HR/${id}.html.json`)

  it('does what failed, asks for nothing else and touches nothing else', () => {
    const { world, travel, holidays, salaries, steel } = wiki('cloud')
    return within({ world }, async (scene) => {
      for (const page of [travel, holidays]) await mkdir(inTheWay(scene, page), { recursive: true })
      const first = await scene.outflow('run', 'confluence')
      expect(first.code).toBe(3)
      // One cause, named once for both.
      expect(first.stdout).toContain('2 × files.not_written')
      const before = await stamps(scene.output)

      for (const page of [travel, holidays]) await rm(inTheWay(scene, page), { recursive: true })
      scene.sandbox.stats.reset()
      const second = await scene.outflow('retry', 'confluence', '--json')
      expect(second.code).toBe(0)
      expect(jobOf(second).coverage).toMatchObject({ found: 2, done: 2 })
      const asked = requestsTo(scene)
      expect(asked.length).toBeLessThan(25)
      expect(asked.filter((request) => request.includes(salaries.id) || request.includes(steel.id))).toEqual(
        [],
      )
      const after = await stamps(scene.output)
      for (const [name, at] of after)
        if (!name.includes(travel.id) && !name.includes(holidays.id)) expect(before.get(name), name).toBe(at)

      const third = await scene.outflow('retry', 'confluence')
      expect(third).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to retry') })
    })
  })

  it('counts the tries, and says what is still in the way', () => {
    const { world, travel } = wiki('cloud')
    return within({ world }, async (scene) => {
      await mkdir(inTheWay(scene, travel), { recursive: true })
      await scene.outflow('run', 'confluence')
      expect(await scene.outflow('retry', 'confluence')).toMatchObject({
        code: 3,
        stdout: expect.stringContaining('1 × files.not_written'),
      })
      expect(await scene.outflow('explain', travel.id)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/failed at +upload, 2 times/),
      })
    })
  })

  it('gives the permissions of now to what was made before', () => {
    const { world, travel, board } = wiki('cloud')
    return within({ world }, async (scene) => {
      await mkdir(inTheWay(scene, travel), { recursive: true })
      await scene.outflow('run', 'confluence')
      await rm(inTheWay(scene, travel), { recursive: true })
      world.restrict(travel, 'read', [board])
      expect((await scene.outflow('retry', 'confluence')).code).toBe(0)
      expect(await readFile(inTheWay(scene, travel), 'utf8')).toContain(`"groups":["${board.id}"]`)
    })
  })

  it('says what is gone meanwhile', () => {
    const { world, travel } = wiki('cloud')
    return within({ world }, async (scene) => {
      await mkdir(inTheWay(scene, travel), { recursive: true })
      await scene.outflow('run', 'confluence')
      world.trash(travel)
      expect(await scene.outflow('retry', 'confluence')).toMatchObject({
        code: 3,
        stdout: expect.stringMatching(
          /1 × retry\.not_there: "Travel" is in the trash\.[\s\S]*Run the workflow again/,
        ),
      })
    })
  })

  it('refuses to begin where no run has been', () => {
    const nowhere = join(root, 'nowhere')
    return within({ world: wiki('cloud').world, state: nowhere }, async (scene) => {
      expect(await scene.outflow('retry', 'confluence')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('state.none'),
      })
      expect(existsSync(nowhere)).toBe(false)
    })
  })
})

const requestsTo = ({ sandbox }: Scene) =>
  sandbox.stats
    .read()
    .recorded.map(({ path, query }) => `${path}?${query.map((pair) => pair.join('=')).join('&')}`)

describe('two at once', () => {
  it('the second is refused, told who the first is, and touches nothing', () =>
    within({ world: wiki('cloud').world, latencyMs: 300 }, async (scene) => {
      const first = scene.start('run', 'confluence', '--json')
      await once(first.child.stdout!, 'data')
      const token = scene.sandbox.credentials.api_token
      const second = await scene.outflow('run', 'confluence', '--api-token', token)
      expect(second).toMatchObject({ code: 2, stdout: '' })
      expect(second.stderr).toContain('state.in_use')
      const since = /outflow run confluence \(process (\d+) on .+, since (\S+)\)/.exec(second.stderr)
      expect(Number(since?.[1])).toBe(first.child.pid)
      expect(Date.now() - Date.parse(since![2]!)).toBeLessThan(60_000)
      expect((await first.outcome).code).toBe(0)
    }))

  it('a token on the command line is not told to the second', () =>
    within({ world: wiki('cloud').world, latencyMs: 300 }, async (scene) => {
      const token = scene.sandbox.credentials.api_token
      const first = scene.start('run', 'confluence', '--json', '--api-token', token)
      await once(first.child.stdout!, 'data')
      const { code, stderr } = await scene.outflow('explain', 'Travel')
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('outflow run confluence') })
      expect(stderr).not.toContain(token)
      expect(await readFile(join(state, 'outflow.lock.json'), 'utf8')).not.toContain(token)
      await first.outcome
    }))
})

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  const world = generatedWorld({ pages: 1500, spaces: 3, seed: 7, bodySize: [200, 800] })

  it('finishes what is in flight, and the same command does the rest', () =>
    within({ world, latencyMs: 50 }, async (scene) => {
      const { child, outcome } = scene.start('run', 'confluence')
      await someFiles(scene.output)
      child.kill(signal)
      const { code, stdout } = await outcome
      expect({ code, stdout }).toEqual({
        code: 130,
        stdout: expect.stringContaining('run the same command again to get the rest'),
      })
      const written = await stamps(scene.output)
      expect(written.size).toBeLessThan(1500)
      expect(await readdir(join(scene.output, '_outflow'))).toEqual(['job.json'])

      const second = await scene.outflow('run', 'confluence', '--json')
      expect(jobOf(second)).toMatchObject({
        outcome: 'finished',
        coverage: { found: 1500, unchanged: written.size, done: 1500 - written.size },
      })
    }))

  it('stops at once when it comes twice, and the state opens', () => {
    const { world: small, travel } = wiki('cloud')
    return within({ world: small }, async (scene) => {
      // A page that includes this one is in flight for as long as nobody answers.
      const answer = scene.sandbox.addFault({ effect: { kind: 'hang' }, on: `pages?id=${travel.id}` })
      const { child, outcome } = scene.start('run', 'confluence', '--json')
      await someFiles(scene.output)
      const asked = () => scene.sandbox.stats.read().pending.some((line) => line.includes(`id=${travel.id}`))
      await vi.waitUntil(asked, { timeout: 20_000 })
      child.kill(signal)
      await setTimeout(300)
      expect(child.exitCode).toBe(null)
      child.kill(signal)
      const { code, stdout } = await outcome
      expect({ code, stdout }).toEqual({ code: 130, stdout: expect.not.stringContaining('job.finished') })
      answer()
      expect(jobOf(await scene.outflow('run', 'confluence', '--json'))).toMatchObject({
        ...{ outcome: 'finished', coverage: { failed: 0 } },
      })
    })
  })
})

/** Waits until the first documents have arrived. */
async function someFiles(output: string): Promise<void> {
  for (;;) {
    const names = existsSync(output) ? await readdir(output, { recursive: true }) : []
    if (names.some((name) => name.endsWith('.html.json'))) return
    await setTimeout(5)
  }
}
