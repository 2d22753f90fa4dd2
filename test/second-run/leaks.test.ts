import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import files from '../../src/destinations/files.ts'
import { OutflowError } from '../../src/model/errors.ts'
import type { JobFinished } from '../../src/model/events.ts'
import auto from '../../src/partition/auto.ts'
import { run } from '../../src/pipeline/run.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { account, expectAsFresh, type Flavour, openLedger, type Scene, within } from './scene.ts'
import { wiki } from './table.ts'

const ledger = await openLedger()

const textIn = async (scene: Scene, path: string) => JSON.stringify((await scene.stored()).get(path))

const readersIn = async (scene: Scene, path: string) =>
  (await scene.stored()).get(path)?.[0]?.metadata.data_source?.permissions_data?.[0].read

describe.each<Flavour>(['cloud', 'data-center'])('words of another page on %s', (flavour) => {
  it('that were kept from a try that failed are asked for anew', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, travel, includes, board }) => {
      const path = `HR/${includes.id}.html.json`
      await mkdir(join(scene.output, path, 'in the way'), { recursive: true })
      expect((await scene.run()).stream.failed).toEqual(['Summary'])
      world.restrict(travel, 'read', [board])
      await rm(join(scene.output, path), { recursive: true })
      expect((await scene.run({ onlyFailed: true })).stream).toEqual({ done: ['Summary'] })
      expect(await textIn(scene, path)).not.toContain('By train.')
      expect((await scene.stored()).get(path)).toEqual((await scene.fresh()).get(path))
    }))

  it('are closed with the page that shows them when that cannot be made anew', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, travel, includes, board }) => {
      const path = `HR/${includes.id}.html.json`
      await scene.run()
      expect(await textIn(scene, path)).toContain('By train.')
      world.restrict(travel, 'read', [board])
      // Its own body is not to be had any more.
      const on = flavour === 'cloud' ? '/api/v2/pages*body-format' : 'body.storage'
      const mend = scene.sandbox.addFault({ effect: { kind: 'status', status: 404 }, on })
      expect((await scene.run()).stream.failed).toContain('Summary')
      expect(await readersIn(scene, path)).toEqual({ users: [], groups: [] })
      mend()
      await scene.run()
      await expectAsFresh(scene)
    }))

  it('are closed with the page that shows them, and opened again with them', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, travel, board }) => {
      await scene.run()
      world.restrict(travel, 'read', [board])
      const on = flavour === 'cloud' ? '/api/v2/pages*body-format' : 'body.storage'
      const mend = scene.sandbox.addFault({ effect: { kind: 'status', status: 404 }, on })
      await scene.run()
      mend()
      world.restrict(travel, 'read', [])
      expect((await scene.run()).stream).toEqual({ access: ['Summary', 'Travel'] })
      await expectAsFresh(scene)
    }))
})

describe.each<Flavour>(['cloud', 'data-center'])('behind a limit of %s', (flavour) => {
  it('an archived page is closed to all', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, travel }) => {
      await scene.run()
      world.archive(travel)
      const settings = { max_num_of_docs_from_each_space: 1 }
      expect((await scene.run({ settings })).stream.held).toEqual(['Travel'])
    }))
})

describe.each<Flavour>(['cloud', 'data-center'])('a retry on %s', (flavour) => {
  it('takes nothing from a space that the settings leave out', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, travel, old, staff }) => {
      const secret = world.addSpace('TOP', 'Secret')
      world.grant(secret, staff, VIEW)
      world.grant(secret, world.crawler, ADMINISTER)
      const settings = { exclude_spaces: ['TOP', old.key] }
      const path = join(scene.output, `HR/${travel.id}.html.json`)
      await mkdir(join(path, 'in the way'), { recursive: true })
      expect((await scene.run({ settings })).stream.failed).toEqual(['Travel'])
      await rm(path, { recursive: true })
      world.move(travel, secret)
      expect((await scene.run({ settings, onlyFailed: true })).stream).toEqual({ failed: ['Travel'] })
      expect([...(await scene.stored()).keys()].filter((each) => each.startsWith('TOP/'))).toEqual([])
    }))

  it('takes no archived page unless they are wanted', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, travel }) => {
      const path = join(scene.output, `HR/${travel.id}.html.json`)
      await mkdir(join(path, 'in the way'), { recursive: true })
      await scene.run()
      await rm(path, { recursive: true })
      world.archive(travel)
      expect((await scene.run({ onlyFailed: true })).stream).toEqual({ failed: ['Travel'] })
      await scene.run()
      await expectAsFresh(scene)
    }))
})

describe('a destination that refuses other permissions', () => {
  it('costs the documents that it refuses, and is tried again', () =>
    within(
      wiki('cloud'),
      { flavour: 'cloud', ledger },
      async (scene, { world, policies, holidays, board }) => {
        await scene.run()
        world.restrict(policies, 'read', [board])
        const refusing = Object.assign(files({ output_dir: scene.output }), { updateAccess: refuse })
        const source = confluence({ url: scene.sandbox.url, ...account(scene.sandbox, 'cloud') })
        let job: JobFinished | undefined
        for await (const event of run(
          { source, steps: [auto({})], destination: refusing },
          { memory: { ledger, workflow: scene.output } },
        ))
          if (event.type === 'job.finished') job = event
        const { found, ...parts } = job!.coverage
        expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(found)
        expect(job).toMatchObject({ outcome: 'finished_with_failures', coverage: { found: 15, failed: 3 } })
        expect((await scene.run()).stream.access).toContain(holidays.title)
        await expectAsFresh(scene)
      },
    ))

  async function refuse(): Promise<never> {
    throw new OutflowError({ kind: 'content', code: 'test.refused', message: 'Not this one.' })
  }
})
