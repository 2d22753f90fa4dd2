import { describe, expect, it } from 'vitest'
import { memoryWorld, startSandbox } from '../../src/sandbox/index.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { type Flavour, signIn, textOf, walk } from './walking.ts'

const flavours: readonly Flavour[] = ['cloud', 'data-center']

const include = (title: string, space?: string) =>
  `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="${title}"${space ? ` ri:space-key="${space}"` : ''} /></ac:link></ac:parameter></ac:structured-macro>`
const children =
  '<ac:structured-macro ac:name="children"><ac:parameter ac:name="all">true</ac:parameter></ac:structured-macro>'
const labelled = (label: string) =>
  `<ac:structured-macro ac:name="contentbylabel"><ac:parameter ac:name="cql">label = "${label}"</ac:parameter></ac:structured-macro>`

/** HR is for the staff; FUN for the crawler alone. */
function site() {
  const world = memoryWorld({ name: 'Around' })
  const staff = world.addGroup('staff', [world.crawler, world.addUser('Amy')])
  const [hr, fun] = [world.addSpace('HR', 'People'), world.addSpace('FUN', 'Fun')]
  world.grant(hr, staff, VIEW)
  for (const space of [hr, fun]) world.grant(space, world.crawler, ADMINISTER)
  const home = world.addPage(hr, 'Home', { body: `<p>Below:</p>${children}` })
  hr.homepageId = home.id
  const open = world.addPage(home, 'Open', { body: '<p>Open text.</p>', labels: ['topic'] })
  world.addPage(home, 'Closed', { body: '<p>Closed text.</p>', read: [world.crawler], labels: ['topic'] })
  world.addPage(open, 'Deep', { body: '<p>Deep text.</p>' })
  world.addPage(fun, 'Joke', { body: '<p>Joke text.</p>' })
  return { world, hr, fun, home, open }
}

describe.each(flavours)('what a page shows of others on %s', (flavour) => {
  async function textsOf({ world }: ReturnType<typeof site>) {
    const walked = await walk({ world, flavour, read: true })
    expect(walked.error).toBeUndefined()
    return walked
  }

  it('is text of pages that all of its readers may open, and never of others', async () => {
    const wiki = site()
    wiki.world.addPage(wiki.home, 'Mix', {
      body: `${include('Open')}${include('Closed')}${include('Joke', 'FUN')}${include('Nowhere')}`,
    })
    const { texts, contents } = await textsOf(wiki)
    const mix = texts.get('Mix')!
    expect(mix).toContain('Open text.')
    expect(mix).not.toContain('Closed text.')
    expect(mix).not.toContain('Joke text.')
    expect(contents.get('Mix')?.losses).toEqual([
      { code: 'include_not_permitted', name: 'Closed' },
      { code: 'include_not_permitted', name: 'Joke' },
      { code: 'include_missing', name: 'Nowhere' },
    ])
  })

  it('costs one request for all pages that a page includes', async () => {
    const wiki = site()
    const parts = Array.from({ length: 5 }, (_, nr) => `Part ${nr}`)
    for (const part of parts) wiki.world.addPage(wiki.home, part, { body: `<p>This is ${part}.</p>` })
    wiki.world.addPage(wiki.home, 'All', { body: parts.map((part) => include(part)).join('') })
    const walked = await textsOf(wiki)
    for (const part of parts) expect(walked.texts.get('All')).toContain(`This is ${part}.`)
    expect(walked.requests(flavour === 'cloud' ? /v2\/pages\?id=/ : /api\/content\?ids=/)).toBe(1)
  })

  it('may be text of a page that is as closed as itself', async () => {
    const wiki = site()
    wiki.world.addPage(wiki.fun, 'Mine', { body: include('Closed', 'HR') + include('Joke') })
    const { texts } = await textsOf(wiki)
    // HR is open to the crawler, and Closed to nobody else: the readers of FUN are the same.
    expect(texts.get('Mine')).toContain('Closed text.')
    expect(texts.get('Mine')).toContain('Joke text.')
  })

  it('is the list of its children that all of its readers may open', async () => {
    const { texts } = await textsOf(site())
    expect(texts.get('Home')).toContain('Open')
    expect(texts.get('Home')).toContain('Deep')
    expect(texts.get('Home')).not.toContain('Closed')
  })

  it('is the list of pages with a label that all of its readers may open', async () => {
    const wiki = site()
    wiki.world.addPage(wiki.home, 'Topic', { body: labelled('topic') })
    const { texts } = await textsOf(wiki)
    expect(texts.get('Topic')).toContain('Open')
    expect(texts.get('Topic')).not.toContain('Closed')
  })

  it('is the same where a limit cut the listing', async () => {
    const { world } = site()
    const walked = await walk({
      world,
      flavour,
      read: true,
      settings: { spaces: ['HR'], max_num_of_docs_from_each_space: 1 },
    })
    expect([...walked.texts.keys()]).toEqual(['Home'])
    expect(walked.texts.get('Home')).toContain('Deep')
    expect(walked.texts.get('Home')).not.toContain('Closed')
  })

  it('is the same for one page that is located by its address and downloaded', async () => {
    const { world, home } = site()
    const sandbox = await startSandbox({ world, flavour })
    const source = confluence(signIn(sandbox, flavour))
    const { signal } = new AbortController()
    const base = flavour === 'cloud' ? `${sandbox.url}/wiki` : sandbox.url
    for (const address of [
      home.id,
      `${base}/pages/viewpage.action?pageId=${home.id}`,
      `${base}/display/HR/Home`,
    ]) {
      const document = await source.locate!(address, { signal })
      expect(document).toMatchObject({ title: 'Home', space: 'HR', permissions: { status: 'complete' } })
      const text = await textOf(await source.download(document, { signal }))
      expect(text).toContain('Open')
      expect(text).not.toContain('Closed')
    }
    await expect(
      source.locate!('https://elsewhere.example/display/HR/Home', { signal }),
    ).rejects.toMatchObject({
      code: 'confluence.address.other_site',
    })
    await expect(source.locate!('4711', { signal })).rejects.toMatchObject({ kind: 'missing' })
    await source.close()
    await sandbox.close()
  })
})
