import { describe, expect, it } from 'vitest'
import { generatedWorld, memoryWorld } from '../../src/sandbox/index.ts'
import { ADMINISTER } from '../../src/sandbox/principals.ts'
import { type Flavour, filesIn, flavours, soundOutput, tryCommand, tryRun } from './trying.ts'
import { smallWiki } from './wiki.ts'

/** Where the pages of HR are listed. */
const listingOf = (flavour: Flavour, { id }: { readonly id: string }) =>
  flavour === 'cloud' ? `GET /wiki/api/v2/spaces/${id}/pages` : 'GET /rest/api/content/scan?*spaceKey=HR'

/** Where the pages of any space are listed. */
const everyListing: Readonly<Record<Flavour, string>> = {
  cloud: 'GET /wiki/api/v2/spaces/*/pages',
  'data-center': 'GET /rest/api/content/scan?*type=page',
}

describe.each(flavours)('access that is not what it seems, on %s', (flavour) => {
  const site = (pages = 600) => generatedWorld({ pages, spaces: 3, seed: 3, flavour, bodySize: [100, 300] })

  it('a credential that was never good: refused, nothing written but the report', async () => {
    const { code, said, output } = await tryCommand({
      world: site(30),
      flavour,
      flags: flavour === 'cloud' ? ['--api-token', 'expired'] : ['--token', 'expired'],
    })
    expect({ code, said }).toEqual({ code: 4, said: expect.stringMatching(/Sign-in was refused/) })
    expect(said).toContain('not expired or revoked')
    expect(said).not.toMatch(/\d+ documents did not arrive/)
    const { job } = await soundOutput(output)
    expect(job).toMatchObject({ outcome: 'failed', coverage: { found: 0 } })
    expect(job.requests).toBeGreaterThan(0)
  })

  it('a token that expires in mid-run: stops at once, says so, and what is written stays', async () => {
    const { code, said, output } = await tryCommand({
      world: generatedWorld({ pages: 900, spaces: 9, seed: 3, flavour, bodySize: [100, 300] }),
      flavour,
      faults: [{ effect: { kind: 'status', status: 401 }, on: everyListing[flavour], from: 8 }],
    })
    expect({ code, said }).toEqual({ code: 4, said: expect.stringMatching(/did not accept our sign-in/) })
    const { job } = await soundOutput(output)
    expect(job).toMatchObject({ outcome: 'failed', error: { kind: 'credentials' } })
    expect(job.coverage.done).toBeGreaterThan(0)
    expect(job.coverage.done).toBeLessThan(900)
    expect(job.retries).toBe(0)
  })

  it('a sign-in page with 200 instead of data, from the beginning and in mid-run', async () => {
    for (const from of [1, 12]) {
      const { code, said, output } = await tryCommand({
        world: site(),
        flavour,
        faults: [{ effect: { kind: 'login-page' }, from }],
        flags: flavour === 'cloud' ? ['--cloud'] : [],
      })
      expect({ code, said }).toEqual({ code: 4, said: expect.stringMatching(/sign-?in/i) })
      expect(said).toMatch(/single sign-on/)
      expect((await soundOutput(output)).job.outcome).toBe('failed')
    }
  })

  it('a space that is revoked in mid-run: the others go on, and the loss is named', async () => {
    const wiki = smallWiki()
    const { code, said, output } = await tryCommand({
      world: wiki.world,
      flavour,
      faults: [{ effect: { kind: 'revoke', space: 'HR' }, on: listingOf(flavour, wiki.hr) }],
    })
    expect({ code, said }).toEqual({ code: 3, said: expect.stringContaining('Space HR (People)') })
    const { job, notDone, files } = await soundOutput(output)
    expect(job.coverage).toMatchObject({ done: 1, not_permitted: 1 })
    expect(notDone[0]).toMatchObject({ document: { space: 'HR' }, state: 'not_permitted' })
    expect([...files.keys()]).toEqual([expect.stringMatching(/^ENG\//)])
  })

  it('a page that is restricted, and then written to, during the walk: what is new in it is never emitted as open', async () => {
    const wiki = smallWiki()
    const pay = wiki.world.addPage(wiki.home, 'Pay', { body: '<p>Soon.</p>' })
    const change = () => {
      wiki.world.restrict(pay, 'read', [wiki.world.crawler])
      wiki.world.edit(pay, '<p>XYZZY</p>')
    }
    const tried = await tryRun({
      world: wiki.world,
      flavour,
      faults: [{ effect: { kind: 'change', change }, on: listingOf(flavour, wiki.hr) }],
    })
    expect(tried.job.outcome).toBe('finished')
    expect(tried.text('Pay')).toContain('XYZZY')
    const { read } = tried.elements('Pay')[0]!.metadata.data_source!.permissions_data![0]
    expect(read.groups).toEqual([])
    expect(read.users).toHaveLength(1)
  })

  it('a space key that differs by case: refused with the right one', async () => {
    const { code, said, output } = await tryCommand({
      world: smallWiki().world,
      flavour,
      flags: ['--spaces', 'hr'],
    })
    expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining('it is HR') })
    expect(await filesIn(output)).toEqual([])
  })

  it('no space at all: an error, not a success', async () => {
    const { code, said } = await tryCommand({ world: memoryWorld({ name: 'Nothing' }), flavour })
    expect({ code, said }).toEqual({ code: 2, said: expect.stringMatching(/sees no space at all/) })
    expect(said).toMatch(/administrator/)
  })

  it('an empty space beside full ones: no error, and said to hold nothing', async () => {
    const { world } = smallWiki()
    world.grant(world.addSpace('VOID', 'Nothing here'), world.crawler, ADMINISTER)
    const tried = await tryRun({ world, flavour })
    expect(tried.job).toMatchObject({ outcome: 'finished', coverage: { found: 2, done: 2 } })
    expect(tried.events).toContainEqual({ type: 'space.finished', space: 'VOID', found: 0 })
  })

  it('a site of nothing but an empty space: finished, and said that there was nothing', async () => {
    const world = memoryWorld({ name: 'Empty' })
    world.grant(world.addSpace('VOID', 'Nothing here'), world.crawler, ADMINISTER)
    const { code, said } = await tryCommand({ world, flavour })
    expect({ code, said }).toEqual({ code: 0, said: expect.stringMatching(/0 found/) })
    expect(said).toMatch(/nothing to read/i)
  })

  it('a personal space: chosen by its key, in a folder of that name', async () => {
    const { world, amy } = smallWiki()
    const key = flavour === 'cloud' ? `~${amy.accountId.replace(':', '').replaceAll('-', '')}` : '~amy'
    const space = world.addSpace(key, 'Amy', { type: 'personal' })
    world.grant(space, world.crawler, ADMINISTER)
    const page = world.addPage(space, 'Mine', { body: '<p>Amy writes.</p>' })
    const { code, output } = await tryCommand({ world, flavour, flags: ['--spaces', key] })
    expect(code).toBe(0)
    expect(await filesIn(output)).toEqual([`${key}/${page.id}.html.json`])
  })

  it('a space key that looks like a path: its own folder, inside the output folder', async () => {
    const { world } = smallWiki()
    for (const key of ['../../outside', '..', 'a/b', 'CON']) {
      const space = world.addSpace(key, `Space ${key}`)
      world.grant(space, world.crawler, ADMINISTER)
      world.addPage(space, `Page of ${key}`, { body: '<p>Words.</p>' })
    }
    const tried = await tryRun({ world, flavour })
    expect(tried.notDone).toEqual([])
    expect(tried.job.coverage).toMatchObject({ found: 6, done: 6 })
    const folders = [...tried.files.keys()].map((path) => path.split('/').slice(0, -1).join('/'))
    expect(new Set(folders).size).toBe(6)
    for (const folder of folders) expect(folder).toMatch(/^[\w.~-]+$/)
  })
})
