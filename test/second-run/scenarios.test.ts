import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memoryWorld } from '../../src/sandbox/index.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import { expectAsFresh, type Flavour, openLedger, within } from './scene.ts'
import { wiki } from './table.ts'

const ledger = await openLedger()
const flavours: readonly Flavour[] = ['cloud', 'data-center']

/** One page over many. */
function family(children: number) {
  const world = memoryWorld({ name: 'Family' })
  const staff = world.addGroup('staff', [world.crawler, world.addUser('Amy')])
  const board = world.addGroup('board', [world.crawler])
  const space = world.addSpace('FAM', 'Family')
  world.grant(space, staff, VIEW)
  world.grant(space, world.crawler, ADMINISTER)
  const home = world.addPage(space, 'Home', { body: '<p>Welcome.</p>' })
  space.homepageId = home.id
  const top = world.addPage(home, 'Top', { body: '<p>Above.</p>' })
  const pages = Array.from({ length: children }, (_, nth) =>
    world.addPage(top, `Child ${nth}`, { body: '<p>Below.</p>' }),
  )
  return { world, space, board, home, top, pages }
}

describe.each(flavours)('on %s', (flavour) => {
  it('one restriction over a thousand pages is a thousand access changes and no body', () =>
    within(family(1000), { flavour, ledger }, async (scene, { world, top, board }) => {
      await scene.run()
      world.restrict(top, 'read', [board])
      const { job, bodies, requests } = await scene.run()
      expect(job.coverage).toMatchObject({ found: 1002, access_changed: 1001, unchanged: 1, done: 0 })
      expect(bodies).toBe(0)
      expect(requests.length).toBeLessThan(30)
      await expectAsFresh(scene)
    }))

  it('a page comes back out of the trash, and out of the archive', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, travel, holidays }) => {
      await scene.run()
      world.trash(travel)
      world.archive(holidays)
      expect((await scene.run()).stream.removed).toEqual(['Holidays', 'Travel'])
      world.restore(travel)
      world.restore(holidays)
      expect((await scene.run()).stream).toEqual({ done: ['Holidays', 'Summary', 'Travel'] })
      await expectAsFresh(scene)
    }))

  it('what was closed to the account is closed to all, and opened again without a body', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, eng, staff }) => {
      await scene.run()
      world.revoke(eng, staff)
      world.revoke(eng, world.crawler)
      const second = await scene.run()
      expect(second.job).toMatchObject({ outcome: 'held', held: 2, removed: 0 })
      const held = [...(await scene.stored())].filter(([path]) => path.startsWith('ENG/'))
      expect(held).toHaveLength(2)
      for (const [, elements] of held)
        expect(elements[0]?.metadata.data_source).toMatchObject({
          permissions_data: [
            { read: { users: [], groups: [] } },
            { update: { users: [], groups: [] } },
            { delete: { users: [], groups: [] } },
          ],
          permissions_status: 'unknown',
        })
      world.grant(eng, staff, VIEW)
      world.grant(eng, world.crawler, ADMINISTER)
      const third = await scene.run()
      expect(third.stream).toEqual({ access: ['Plans', 'Steel'] })
      expect(third.bodies).toBe(0)
      await expectAsFresh(scene)
    }))

  it('what was closed to the account is removed where the person wants it so', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, holidays, ben }) => {
      await scene.run()
      world.restrict(holidays, 'read', [ben])
      expect((await scene.run({ removals: { onAccessLost: 'remove' } })).stream).toEqual({
        removed: ['Holidays'],
      })
      await expectAsFresh(scene)
    }))

  it('too many removals are held, named, and done once they are accepted', () =>
    within(family(30), { flavour, ledger }, async (scene, { world, pages }) => {
      await scene.run()
      for (const page of pages.slice(0, 12)) world.trash(page)
      const { stream, events, job } = await scene.run()
      expect(stream.held).toHaveLength(12)
      expect(stream.removed).toBeUndefined()
      expect(job.outcome).toBe('held')
      expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'removals.held' }))
      expect((await scene.run()).stream.held).toHaveLength(12)
      expect((await scene.run({ removals: { accept: true } })).stream.removed).toHaveLength(12)
      await expectAsFresh(scene)
      expect((await scene.run()).stream).toEqual({})
    }))

  it('a raised threshold lets them go, a lowered one holds them', () =>
    within(family(30), { flavour, ledger }, async (scene, { world, pages }) => {
      await scene.run()
      for (const page of pages.slice(0, 12)) world.trash(page)
      expect((await scene.run({ removals: { mostCount: 11, mostShare: 1 } })).stream.held).toHaveLength(12)
      expect((await scene.run({ removals: { mostShare: 0.5 } })).stream.removed).toHaveLength(12)
    }))

  it('spaces that the settings leave out now wait for a decision, and are read again later', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene) => {
      await scene.run()
      const settings = { spaces: ['HR', 'OLD'] }
      expect((await scene.run({ settings })).stream).toEqual({ held: ['Plans', 'Steel'] })
      expect((await scene.run()).stream).toEqual({ access: ['Plans', 'Steel'] })
      await expectAsFresh(scene)
      const accepted = await scene.run({ settings, removals: { accept: true } })
      expect(accepted.stream).toEqual({ removed: ['Plans', 'Steel'] })
      await expectAsFresh(scene, settings)
      expect((await scene.run()).stream).toEqual({ done: ['Plans', 'Steel'] })
    }))

  it('workflows that go to one place by names of their own leave each other alone', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene) => {
      const as = (name: string, space: string) =>
        scene.run({ memory: { ledger, workflow: `${name} ${scene.output}` }, settings: { spaces: [space] } })
      await as('one', 'HR')
      await as('other', 'ENG')
      expect((await as('one', 'HR')).stream).toEqual({})
      expect((await as('other', 'ENG')).stream).toEqual({})
      await expectAsFresh(scene, { spaces: ['HR', 'ENG'] })
    }))

  it('a limit on the number of spaces proves nothing of those behind it', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene) => {
      await scene.run()
      const { stream, job } = await scene.run({ settings: { max_num_of_spaces: 1 } })
      expect(stream).toEqual({})
      expect(Object.keys(job.truncated)).toEqual(['*'])
    }))

  it('what is closed to us behind a limit is closed to all, and stays', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, holidays, ben }) => {
      await scene.run()
      world.restrict(holidays, 'read', [ben])
      const settings = { max_num_of_docs_from_each_space: 1 }
      const removals = { onAccessLost: 'remove', accept: true } as const
      expect((await scene.run({ settings, removals })).stream).toEqual({ held: ['Holidays'] })
    }))

  it('pages that a filter leaves out now are removed', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, holidays, steel }) => {
      world.label(steel, ['policy'])
      const settings = { labels: 'policy' }
      expect((await scene.run({ settings })).stream.done).toEqual(['Holidays', 'Steel'])
      world.label(holidays, [])
      const second = await scene.run({ settings })
      expect(second.stream.removed).toEqual(['Holidays'])
      await expectAsFresh(scene, settings)
    }))

  it('posts are removed when they are not wanted any more', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene) => {
      await scene.run()
      expect((await scene.run({ settings: { blog_posts: false } })).stream).toEqual({ removed: ['Party'] })
    }))

  it('a limit that cuts a space proves nothing about what is behind it', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene) => {
      const { coverage } = (await scene.run()).job
      const { stream, job } = await scene.run({ settings: { max_num_of_docs_from_each_space: 3 } })
      expect(stream).toEqual({})
      expect(Object.keys(job.truncated)).toContain('HR')
      expect((await scene.stored()).size).toBe(coverage.done)
    }))

  it('everything is processed again when asked for, or when a setting changes that decides what comes out', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene) => {
      const { job } = await scene.run()
      expect((await scene.run({ reprocessAll: true })).job.coverage).toMatchObject({
        done: job.coverage.found,
      })
      const changed = await scene.run({ settings: { body: 'storage' } })
      expect(changed.job.coverage).toMatchObject({ done: job.coverage.found, unchanged: 0 })
      expect(changed.events).toContainEqual(
        expect.objectContaining({
          code: 'recipe.changed',
          message: expect.stringContaining('confluence.body was "auto" and is "storage"'),
        }),
      )
      expect((await scene.run({ settings: { body: 'storage' } })).stream).toEqual({})
    }))

  it('files that somebody deleted are written again', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { travel }) => {
      await scene.run()
      await rm(join(scene.output, `HR/${travel.id}.html.json`))
      const { stream, events } = await scene.run()
      expect(stream).toEqual({ done: ['Travel'] })
      expect(events).toContainEqual(expect.objectContaining({ code: 'destination.lost' }))
      await rm(scene.output, { recursive: true })
      await scene.run()
      await expectAsFresh(scene)
    }))

  it('a stopped run is gone on with', () =>
    within(family(200), { flavour, ledger }, async (scene) => {
      const stop = new AbortController()
      scene.sandbox.addFault({
        effect: { kind: 'change', change: () => stop.abort() },
        on: '/content',
        from: 3,
      })
      const first = await scene.run({ signal: stop.signal })
      const second = await scene.run()
      expect(second.job.coverage).toMatchObject({
        found: 202,
        unchanged: first.job.coverage.done,
        done: 202 - first.job.coverage.done,
      })
      await expectAsFresh(scene)
    }))

  it('a page that is edited while the walk runs is settled by the next run', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, travel }) => {
      await scene.run()
      const change = () => world.edit(travel, '<p>On foot.</p>')
      scene.sandbox.addFault({ effect: { kind: 'change', change }, on: 'GET', from: 8 })
      await scene.run()
      await scene.run()
      await expectAsFresh(scene)
    }))

  it('a page that is edited in the same second as the last run is seen', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, travel }) => {
      await scene.run()
      world.edit(travel, '<p>By sea.</p>')
      travel.version = { ...travel.version, createdAt: new Date() }
      expect((await scene.run()).stream.done).toEqual(['Summary', 'Travel'])
      await expectAsFresh(scene)
    }))
})
