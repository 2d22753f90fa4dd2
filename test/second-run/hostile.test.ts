import { describe, expect, it } from 'vitest'
import { expectAsFresh, type Flavour, openLedger, type Scene, within } from './scene.ts'
import { include, wiki } from './table.ts'

const ledger = await openLedger()

/** A run, nothing, and a run that finds nothing to do. */
async function comesToRest(scene: Scene): Promise<void> {
  await scene.run()
  const second = await scene.run()
  expect(second.stream).toEqual({})
  expect(second.bodies).toBe(0)
}

describe.each<Flavour>(['cloud', 'data-center'])('a second run on %s comes to rest', (flavour) => {
  it('over pages that include one another in circles', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, home, travel, board }) => {
      const ring = ['A', 'B', 'C'].map((title) => world.addPage(home, title))
      for (const [nth, page] of ring.entries())
        world.edit(page, `<p>${page.title}.</p>${include(ring[(nth + 1) % 3]!.title)}${include(page.title)}`)
      world.edit(travel, include('Travel') + include('A'))
      await comesToRest(scene)
      world.restrict(ring[1]!, 'read', [board])
      await scene.run()
      await expectAsFresh(scene)
    }))

  it('over a page that asks thousands of questions', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, home, holidays }) => {
      const asked = Array.from({ length: 3000 }, (_, nth) => include(nth % 2 ? 'Travel' : `Nobody ${nth}`))
      world.addPage(home, 'Curious', { body: `${asked.join('')}<p>Why?</p>` })
      await comesToRest(scene)
      world.edit(holidays, '<p>None.</p>')
      expect((await scene.run()).stream).toEqual({ done: ['Holidays'] })
    }))

  it('over titles, labels and names that look like code', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, home }) => {
      const titles = [
        '__proto__',
        '["include","HR","x"]',
        '{"a":1}',
        'constructor',
        '\\',
        '"',
        'a\0b',
        'a\nb',
      ]
      for (const title of titles) {
        const page = world.addPage(home, title, {
          body: '<p>Words.</p>',
          labels: ['__proto__', 'constructor'],
        })
        world.addComment(page, `<p>On it.</p>${include('__proto__')}`, {
          author: world.addUser(title, { username: `user${page.id}` }),
        })
      }
      await comesToRest(scene)
      await expectAsFresh(scene)
    }))

  it('over a title without end and a body of five megabytes', () =>
    within(wiki(flavour), { flavour, ledger }, async (scene, { world, home, holidays }) => {
      world.addPage(home, 'x'.repeat(100_000), { body: '<p>Words.</p>' })
      const big = world.addPage(home, 'Big', { body: `<p>${'Many words. '.repeat(20_000)}</p>`.repeat(20) })
      world.edit(holidays, include('Big'))
      await comesToRest(scene)
      world.label(big, ['huge'])
      await scene.run()
      await expectAsFresh(scene)
    }))
})
