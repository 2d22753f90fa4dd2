import { describe, expect, it } from 'vitest'
import { expectAsFresh, type Flavour, openLedger, type Scene, within } from './scene.ts'
import { type Wiki, wiki } from './table.ts'

const ledger = await openLedger()
const settings = { extract_files: true, extract_images: true }
const text = (words: string) => ({ mediaType: 'text/plain', bytes: () => new TextEncoder().encode(words) })
/** A picture of one pixel, gray by what is given. */
const gif = (gray: number) => () =>
  new Uint8Array([
    ...Buffer.from('GIF89a\x01\0\x01\0\x80\0\0', 'latin1'),
    ...[gray, gray, gray, 0, 0, 0],
    ...Buffer.from(',\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;', 'latin1'),
  ])

function withFiles(flavour: Flavour) {
  const site = wiki(flavour)
  const { world, holidays, travel, salaries } = site
  const plan = world.addAttachment(holidays, 'plan.txt', text('Two weeks in June.'))
  const rates = world.addAttachment(travel, 'rates.txt', text('Ten a day.'))
  const pay = world.addAttachment(salaries, 'pay.txt', text('Plenty of it.'))
  const map = world.addAttachment(travel, 'map.gif', { mediaType: 'image/gif', bytes: gif(1) })
  world.edit(travel, '<p>By train.</p><ac:image><ri:attachment ri:filename="map.gif"/></ac:image>')
  return { ...site, plan, rates, pay, map }
}

type Site = Wiki & ReturnType<typeof withFiles>

const downloads = (requests: readonly string[]) =>
  requests.filter((request) => /\/download(?:\/|\?|$)|\/file\//.test(request))

/** What a change in the wiki comes to. */
const changes: readonly (readonly [
  name: string,
  change: (site: Site) => void,
  stream: object,
  fetched: number,
])[] = [
  ['nothing', () => {}, {}, 0],
  [
    'a new version of a file',
    ({ world, plan }) => world.replaceFile(plan, text('Three weeks.').bytes),
    { done: ['plan.txt'] },
    1,
  ],
  [
    'a file more',
    ({ world, holidays }) => void world.addAttachment(holidays, 'b.txt', text('More.')),
    { done: ['b.txt'] },
    1,
  ],
  ['a file less', ({ world, plan }) => world.trash(plan), { removed: ['plan.txt'] }, 0],
  ['another name', ({ world, plan }) => world.rename(plan, 'leave.txt'), { done: ['leave.txt'] }, 1],
  [
    'a page for fewer people',
    ({ world, holidays, amy }) => world.restrict(holidays, 'read', [amy, world.crawler]),
    { access: ['Holidays', 'plan.txt'] },
    0,
  ],
  [
    'a page that goes',
    ({ world, holidays }) => world.trash(holidays),
    { removed: ['Holidays', 'plan.txt'] },
    0,
  ],
  [
    'a page edited',
    ({ world, holidays }) => world.edit(holidays, '<p>30 days a year.</p>'),
    { done: ['Holidays'] },
    0,
  ],
]

describe.each(['cloud', 'data-center'] as const)('files on %s', (flavour) => {
  it.each(changes)('%s', (_, change, stream, fetched) =>
    within(withFiles(flavour), { flavour, ledger, settings }, async (scene: Scene, site) => {
      const first = await scene.run()
      expect(first.stream.done).toEqual(
        expect.arrayContaining(['plan.txt', 'rates.txt', 'pay.txt', 'map.gif']),
      )
      await expectAsFresh(scene)
      change(site)
      const second = await scene.run()
      expect(second.stream).toEqual(stream)
      // On Cloud a download is two requests: the route, and where it leads.
      expect(downloads(second.requests)).toHaveLength(flavour === 'cloud' ? fetched * 2 : fetched)
      await expectAsFresh(scene)
      expect((await scene.run()).stream).toEqual({})
    }),
  )

  it('a picture that changes makes the page anew that shows it, and the one that includes that', () =>
    within(withFiles(flavour), { flavour, ledger, settings }, async (scene, { world, map }) => {
      await scene.run()
      world.replaceFile(map, gif(2))
      expect((await scene.run()).stream).toEqual({ done: ['Summary', 'Travel', 'map.gif'] })
      await expectAsFresh(scene)
    }))

  it('have the readers of their page', () =>
    within(withFiles(flavour), { flavour, ledger, settings }, async (scene, { salaries, pay }) => {
      await scene.run()
      const stored = await scene.stored()
      const readers = (id: string) =>
        [...stored].find(([path]) => path.includes(`/${id}`))?.[1][0]?.metadata.data_source?.permissions_data
      expect(readers(pay.id)).toBeDefined()
      expect(readers(pay.id)).toEqual(readers(salaries.id))
    }))
})
