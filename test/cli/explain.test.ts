import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FoundEntry, LedgerEntry } from '../../src/model/ledger.ts'
import { explain } from '../../src/platform/explain.ts'
import { openStore } from '../../src/store/index.ts'
import { wiki } from '../second-run/table.ts'
import { entry } from '../store/entries.ts'
import { state, within } from './remembering.ts'

describe('outflow explain', () => {
  it('tells what became of a page, and asks nobody', () => {
    const { world, ben, policies, holidays, travel, steel } = wiki('cloud')
    return within({ world }, async (scene) => {
      const inTheWay = join(scene.output, `HR/${travel.id}.html.json`)
      await mkdir(inTheWay, { recursive: true })
      await scene.outflow('run', 'confluence')
      world.restrict(holidays, 'read', [ben])
      world.trash(steel)
      await scene.outflow('run', 'confluence')
      scene.sandbox.stats.reset()

      const words: readonly (readonly [page: string, told: RegExp])[] = [
        [policies.id, /Policies is in the destination, as it was last seen\.[\s\S]*as HR\/\d+\.html\.json/],
        [travel.id, /Travel was found, and failed on its way\.[\s\S]*upload, 2 times[\s\S]*move it away/],
        [holidays.id, /Holidays is kept in the destination and lets nobody in[\s\S]*or closed to it/],
        [steel.id, /Steel was in the destination, and was removed\.[\s\S]*in the trash/],
      ]
      for (const [page, told] of words)
        expect(await scene.outflow('explain', page)).toEqual({
          ...{ code: 0, stderr: '' },
          stdout: expect.stringMatching(told),
        })

      const address = `${scene.sandbox.url}/wiki/spaces/HR/pages/${travel.id}/Travel?src=search`
      const { code, stdout } = await scene.outflow('explain', address, '--json')
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject([
        { entry: { document: { title: 'Travel' }, state: 'failed', error: { code: 'files.not_written' } } },
      ])

      expect(await scene.outflow('explain', 'Pets')).toMatchObject({
        code: 3,
        stdout: expect.stringContaining('has ever seen Pets'),
      })
      expect(await scene.outflow('explain', 'Pets', '--json')).toMatchObject({ code: 3, stdout: '[]\n' })
      expect(scene.sandbox.stats.read().requests).toBe(0)
    })
  })
})

/** Page `100000 + number`, under this title in this space. */
function page(number: number, title: string, space: string): LedgerEntry {
  const { document, ...rest } = entry(number)
  return { ...rest, document: { ...document, title, space } }
}

it('finds a page by every form of its address', async () => {
  await using store = await openStore({ stateDir: state })
  await store.ledger.record('addresses', [
    page(1, 'Policies', 'HR'),
    page(2, 'Policies', 'ENG'),
    page(3, '100% A+B / C?', 'HR'),
    page(4, 'Room 100001', 'HR'),
    page(5, 'Caf\u00e9', '~amy'),
  ])
  const wanted: Readonly<Record<string, readonly string[]>> = {
    '100001': ['100001'],
    [entry(1).document.url]: ['100001'],
    'https://acme.atlassian.net/wiki/spaces/HR/pages/100001': ['100001'],
    'https://acme.atlassian.net/wiki/spaces/2024/pages/100001/An+older+title-7?src=2&focusedCommentId=9#H-3':
      ['100001'],
    'https://wiki.acme.com/pages/viewpage.action?pageId=100001&src=contextnavpagetreemode': ['100001'],
    'https://wiki.acme.com/display/HR/Policies': ['100001'],
    'https://wiki.acme.com/display/ENG/Policies?focusedCommentId=9': ['100002'],
    'https://wiki.acme.com/display/~amy/Caf%C3%A9': ['100005'],
    'https://wiki.acme.com/display/%7Eamy/Caf%C3%A9': ['100005'],
    Policies: ['100001', '100002'],
    '100% A+B / C?': ['100003'],
    'Room 100001': ['100004'],
    // A page that nobody has seen is not another one of that title.
    'https://acme.atlassian.net/wiki/spaces/HR/pages/4711/Policies': [],
    'https://wiki.acme.com/display/OPS/Policies': [],
    'https://wiki.acme.com/display/HR/%': [],
    policies: [],
    '': [],
  }
  const idOf = ({ entry: { place } }: FoundEntry) => place.objectId
  for (const [address, ids] of Object.entries(wanted)) {
    const found = (await explain(store.ledger, address)).filter(({ workflow }) => workflow === 'addresses')
    expect(found.map(idOf).toSorted(), address).toEqual(ids)
  }
})
