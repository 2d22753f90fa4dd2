import { describe, expect, it } from 'vitest'
import { expectAsFresh, type Flavour, openLedger, openScene, type Scene } from './scene.ts'
import { wiki } from './table.ts'

const ledger = await openLedger()

const include = (title: string) =>
  `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="${title}" /></ac:link></ac:parameter></ac:structured-macro>`

async function within(
  flavour: Flavour,
  act: (scene: Scene, site: ReturnType<typeof wiki>) => Promise<void>,
): Promise<void> {
  const site = wiki(flavour)
  const scene = await openScene({ world: site.world, flavour, ledger })
  try {
    await act(scene, site)
  } finally {
    await scene.close()
  }
}

/** A run, nothing, and a run that finds nothing to do. */
async function comesToRest(scene: Scene): Promise<void> {
  await scene.run()
  const second = await scene.run()
  expect(second.stream).toEqual({})
  expect(second.bodies).toBe(0)
}

describe.each<Flavour>(['cloud', 'data-center'])('a second run on %s comes to rest', (flavour) => {
  it('over pages that include one another in circles', () =>
    within(flavour, async (scene, { world, home, travel, board }) => {
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
    within(flavour, async (scene, { world, home, holidays }) => {
      const asked = Array.from({ length: 3000 }, (_, nth) => include(nth % 2 ? 'Travel' : `Nobody ${nth}`))
      world.addPage(home, 'Curious', { body: `${asked.join('')}<p>Why?</p>` })
      await comesToRest(scene)
      world.edit(holidays, '<p>None.</p>')
      expect((await scene.run()).stream).toEqual({ done: ['Holidays'] })
    }))

  it('over titles, labels and names that look like code', () =>
    within(flavour, async (scene, { world, home }) => {
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
    within(flavour, async (scene, { world, home, holidays }) => {
      world.addPage(home, 'x'.repeat(100_000), { body: '<p>Words.</p>' })
      const big = world.addPage(home, 'Big', { body: `<p>${'Many words. '.repeat(20_000)}</p>`.repeat(20) })
      world.edit(holidays, include('Big'))
      await comesToRest(scene)
      world.label(big, ['huge'])
      await scene.run()
      await expectAsFresh(scene)
    }))
})
