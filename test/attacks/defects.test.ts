import { describe, expect, it } from 'vitest'
import { startSandbox } from '../../src/sandbox/index.ts'
import { ADMINISTER, EDIT } from '../../src/sandbox/principals.ts'
import { attack, flavours, type Outcome, readersOf, wiki } from './scene.ts'

/** What is known to go wrong in other connectors, held against ours: each name says how it should be. */

const permissionsOf = (tried: Outcome, title: string) => {
  const [read, update, remove] = tried.elements(title)[0]!.metadata.data_source!.permissions_data!
  return { read: read.read, update: update.update, delete: remove.delete }
}

describe.each(flavours)('permissions of %s', (flavour) => {
  const idOf = (user: { accountId: string; userKey: string }) =>
    flavour === 'cloud' ? user.accountId : user.userKey

  it('hold all of many grants of a space, in whichever order they were given', async () => {
    const site = wiki()
    const people = Array.from({ length: 280 }, (_, index) => site.world.addUser(`Person ${index}`))
    for (const person of people) site.world.grant(site.hr, person, [...EDIT].reverse())
    const {
      read,
      update,
      delete: remove,
    } = permissionsOf(await attack({ world: site.world, flavour }), 'Home')
    for (const { users } of [read, update, remove]) expect(users).toHaveLength(281)
  })

  it('do not end at 250 readers of a page', async () => {
    const site = wiki()
    const people = Array.from({ length: 300 }, (_, index) => site.world.addUser(`Person ${index}`))
    for (const person of people) site.world.join(person, site.staff)
    site.world.addPage(site.home, 'Closed', { read: [site.world.crawler, ...people] })
    expect(readersOf(await attack({ world: site.world, flavour }), 'Closed').users).toHaveLength(301)
  })

  it('let in by a restriction only whom the space lets in, and by an edit restriction nobody', async () => {
    const site = wiki()
    const stranger = site.world.addUser('Stranger')
    site.world.addPage(site.home, 'Closed', { read: [stranger, site.amy, site.world.crawler] })
    site.world.addPage(site.home, 'Edited', {
      read: [site.world.crawler],
      update: [site.amy, site.world.crawler],
    })
    const tried = await attack({ world: site.world, flavour })
    expect(readersOf(tried, 'Closed').users).toEqual([idOf(site.amy), idOf(site.world.crawler)].sort())
    expect(readersOf(tried, 'Edited')).toMatchObject({ users: [idOf(site.world.crawler)], groups: [] })
  })

  it('are told apart: nobody may, and nobody knows', async () => {
    const site = wiki()
    const hermit = site.world.addSpace('HRM', 'Hermit')
    site.world.grant(hermit, site.world.crawler, ADMINISTER)
    site.world.addPage(hermit, 'Unknown')
    site.world.addPage(site.home, 'Pointless', { update: [site.ben, site.world.crawler] })
    const path = flavour === 'cloud' ? `/spaces/${hermit.id}/permissions` : '/space/HRM/permissions'
    const tried = await attack({
      world: site.world,
      flavour,
      faults: [{ effect: { kind: 'status', status: 404 }, on: path }],
    })
    expect(readersOf(tried, 'Unknown')).toEqual({ users: [], groups: [], status: 'unknown' })
    expect(readersOf(tried, 'Pointless').status).toBe('complete')
    expect(tried.job.permissions).toMatchObject({ unknown: 1 })
  })

  it('survive whatever else stands among the restrictions', async () => {
    const site = wiki()
    site.world.addPage(site.home, 'Closed', { read: [site.amy, site.world.crawler] })
    const tried = await attack({
      world: site.world,
      flavour,
      meddle({ body }) {
        const { results } = body as { results?: { restrictions?: Record<string, unknown> }[] }
        if (!Array.isArray(results)) return
        for (const { restrictions } of results)
          if (restrictions) Object.assign(restrictions, { _expandable: { read: '/x' }, _links: {} })
      },
    })
    expect(readersOf(tried, 'Closed').users).toHaveLength(2)
  })

  it('cost no request for a page of its own where nothing is restricted', async () => {
    const site = wiki()
    for (let page = 0; page < 40; page++) site.world.addPage(site.home, `Page ${page}`)
    const { stats } = await attack({ world: site.world, flavour })
    expect(stats.requests).toBeLessThan(20)
    expect(Math.max(...Object.values(stats.connections))).toBeLessThanOrEqual(9)
  })
})

describe.each(flavours)('the run against %s', (flavour) => {
  it('leaves out archived pages unless told otherwise, and takes posts, labels, authors and the way along', async () => {
    const site = wiki()
    const old = site.world.addPage(site.home, 'Old')
    site.world.archive(old)
    const below = site.world.addPage(site.home, 'Below', { labels: ['red'], author: site.amy })
    site.world.addPage(below, 'Deep')
    site.world.addBlogPost(site.hr, 'Post')
    const tried = await attack({ world: site.world, flavour })
    expect(tried.job.coverage.done).toBe(4)
    expect(tried.elements('Below')[0]!.metadata).toMatchObject({ labels: ['red'], author: 'Amy' })
    expect(tried.elements('Deep')[0]!.metadata.ancestors).toEqual(['Home', 'Below'])
    expect(tried.elements('Post')[0]!.metadata.data_source!.record_locator).toMatchObject({
      type: 'blogpost',
    })
  })

  it('says what the usual limit of 150 cut', async () => {
    const site = wiki()
    for (let page = 0; page < 160; page++) site.world.addPage(site.home, `Page ${page}`)
    const tried = await attack({
      world: site.world,
      flavour,
      settings: { max_num_of_docs_from_each_space: undefined },
    })
    expect(tried.job).toMatchObject({
      coverage: { done: 150 },
      truncated: { HR: { limit: 150, available: 161 } },
    })
  })

  it('asks for spaces by key in one request', async () => {
    const site = wiki()
    const eng = site.world.addSpace('ENG', 'Engineering')
    site.world.grant(eng, site.world.crawler, ADMINISTER)
    site.world.addPage(eng, 'Lathe')
    const { stats } = await attack({ world: site.world, flavour, settings: { spaces: ['HR', 'ENG'] } })
    const asked = stats.recorded.filter(({ path }) => /\/(?:api\/v2\/spaces|rest\/api\/space)$/.test(path))
    const keysIn = ({ query }: (typeof asked)[number]) =>
      query.filter(([name]) => name === 'keys' || name === 'spaceKey').map(([, value]) => value)
    // At the beginning, and whether both are still there at the end.
    expect(asked.map((each) => keysIn(each).join())).toEqual(['HR,ENG', 'HR,ENG'])
  })

  it('loses no page to a picture, and splits no word', async () => {
    const site = wiki()
    site.world.addPage(site.home, 'Pictures', {
      body: '<p>un<b>believ</b>able <code>a<em>b</em>c</code></p><p><img /><img src="data:image/gif;base64,R0" /><ac:image /></p><p>Behind.</p>',
    })
    const text = (await attack({ world: site.world, flavour })).text('Pictures')
    expect(text).toContain('unbelievable abc')
    expect(text).toContain('Behind.')
  })

  it('gives each page the address that a browser shows', async () => {
    const site = wiki()
    const page = site.world.addPage(site.home, 'A page')
    const tried = await attack({ world: site.world, flavour })
    const { url } = tried.elements('A page')[0]!.metadata.data_source!
    expect(new URL(url!).pathname).toBe(
      `${flavour === 'cloud' ? '/wiki' : ''}/spaces/HR/pages/${page.id}/A+page`,
    )
  })

  it('renders one unknown person without costing the others their names', async () => {
    const site = wiki()
    const mention = (id: string) =>
      `<p>Ask <ac:link><ri:user ${flavour === 'cloud' ? 'ri:account-id' : 'ri:userkey'}="${id}" /></ac:link></p>`
    site.world.addPage(site.home, 'Malformed', { body: mention('not an id at all') })
    site.world.addPage(site.home, 'Fine', {
      body: mention(flavour === 'cloud' ? site.ben.accountId : site.ben.userKey),
    })
    const tried = await attack({
      world: site.world,
      flavour,
      meddle(said) {
        if (!said.asked.includes('not an id') && !/=not[ +]an[ +]id/.test(said.path)) return
        Object.assign(said, { status: 400, body: { message: 'Malformed id' } })
      },
    })
    expect(tried.text('Fine')).toContain('Ask @Ben')
    expect(tried.text('Malformed')).toContain('@unknown user')
  })
})

describe('a second run', () => {
  it('writes what is there now over what was there before', async () => {
    const { newFolder } = await import('../bad-input/trying.ts')
    const { default: files } = await import('../../src/destinations/files.ts')
    const { run } = await import('../../src/pipeline/run.ts')
    const { default: html } = await import('../../src/partition/html.ts')
    const { default: confluence } = await import('../../src/sources/confluence/index.ts')
    const { readFile } = await import('node:fs/promises')
    const { account } = await import('../bad-input/trying.ts')
    const site = wiki()
    const output = await newFolder()
    const sandbox = await startSandbox({ world: site.world, flavour: 'cloud' })
    for (const words of ['Once', 'Twice']) {
      site.world.edit(site.home, `<p>${words}</p>`)
      const source = confluence(account(sandbox, 'cloud'))
      for await (const _ of run({ source, steps: [html({})], destination: files({ output_dir: output }) }));
      expect(await readFile(`${output}/HR/${site.home.id}.html.json`, 'utf8')).toContain(words)
    }
    await sandbox.close()
  })
})
