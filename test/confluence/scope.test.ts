import { describe, expect, it } from 'vitest'
import { memoryWorld } from '../../src/sandbox/index.ts'
import { ADMINISTER } from '../../src/sandbox/principals.ts'
import { type Flavour, titlesOf, type Walked, walk } from './walking.ts'

const flavours: readonly Flavour[] = ['cloud', 'data-center']

/** Two spaces with five pages and a post each, a personal one, and one that is empty. */
function site() {
  const world = memoryWorld({ name: 'Scope' })
  const spaces = ['HR', 'ENG', '~amy', 'VOID'].map((key) => {
    const space = world.addSpace(key, `Space ${key}`, key === '~amy' ? { type: 'personal' } : {})
    world.grant(space, world.crawler, ADMINISTER)
    return space
  })
  const [hr, eng, amy] = spaces as [(typeof spaces)[0], (typeof spaces)[0], (typeof spaces)[0]]
  const homes = [hr, eng].map((space) => {
    const home = world.addPage(space, `${space.key} home`)
    const top = world.addPage(home, `${space.key} rules`, { labels: ['red'] })
    world.addPage(top, `${space.key} rule 1`, { labels: ['blue'] })
    world.addPage(top, `${space.key} rule 2`)
    world.addPage(home, `${space.key} news`)
    world.addBlogPost(space, `${space.key} post`, { labels: ['red'] })
    return { home, top }
  })
  world.addPage(amy, 'Amy’s page')
  return { world, hr: homes[0]!, archived: () => world.addPage(hr, 'Old rules', { status: 'archived' }) }
}

const skippedBy = ({ listed }: Walked) =>
  listed.flatMap((item) => (item.type === 'skipped' ? [`${item.rule}: ${item.document.title}`] : [])).sort()

const truncations = ({ listed }: Walked) => listed.filter(({ type }) => type === 'truncated')

describe.each(flavours)('the scope of a walk of %s', (flavour) => {
  const walkWith = (settings: Parameters<typeof walk>[0]['settings'] & object, { world } = site()) =>
    walk({ world, flavour, settings })

  it('is every space by default, the empty one with a word about it', async () => {
    const walked = await walkWith({})
    expect(walked.documents).toHaveLength(13)
    expect(walked.events).toContainEqual({ type: 'space.finished', space: 'VOID', found: 0 })
  })

  it('can be named by keys, personal ones included', async () => {
    const walked = await walkWith({ spaces: ['~amy', 'ENG'] })
    expect(new Set(walked.documents.map(({ space }) => space))).toEqual(new Set(['~amy', 'ENG']))
    expect(walked.documents).toHaveLength(7)
  })

  it('refuses a key that names nothing, with the nearest ones, and one that differs by case', async () => {
    const unknown = await walkWith({ spaces: ['HRR'] })
    expect(unknown.error).toMatchObject({ kind: 'config', code: 'confluence.space.unknown' })
    expect(unknown.error?.fix).toContain('HR')
    const wrongCase = await walkWith({ spaces: ['eng'] })
    expect(wrongCase.error?.fix).toContain('it is ENG')
    expect(wrongCase.listed).toEqual([])
  })

  it('leaves spaces and posts out that are not wanted', async () => {
    const walked = await walkWith({ exclude_spaces: ['HR', '~amy'], blog_posts: false })
    expect(titlesOf(walked.documents)).toEqual([
      'ENG home',
      'ENG news',
      'ENG rule 1',
      'ENG rule 2',
      'ENG rules',
    ])
    expect((await walkWith({ spaces: ['HR'], exclude_spaces: ['HR'] })).error?.code).toBe(
      'confluence.spaces.none_left',
    )
  })

  it('says so when the account sees no space', async () => {
    const walked = await walk({ world: memoryWorld({ name: 'Nothing' }), flavour })
    expect(walked.error).toMatchObject({ kind: 'config', code: 'confluence.spaces.none' })
  })

  it('stops at the limits, saying for each space how much there would have been', async () => {
    const walked = await walkWith({ max_num_of_docs_from_each_space: 5, max_num_of_spaces: 3 })
    expect(truncations(walked)).toContainEqual({
      type: 'truncated',
      space: '*',
      setting: 'max_num_of_spaces',
      limit: 3,
      available: 4,
    })
    for (const space of ['HR', 'ENG'])
      expect(truncations(walked)).toContainEqual({
        type: 'truncated',
        space,
        setting: 'max_num_of_docs_from_each_space',
        limit: 5,
        available: 6,
      })
    expect(walked.documents).toHaveLength(11)
    const less = await walkWith({ max_num_of_docs_from_each_space: 2, spaces: ['HR'] })
    expect(less.documents).toHaveLength(2)
    expect(truncations(less)).toEqual([
      { type: 'truncated', space: 'HR', setting: 'max_num_of_docs_from_each_space', limit: 2, available: 6 },
    ])
  })

  it('knows what is above a page also where the limit cut it away', async () => {
    const { world } = site()
    const space = world.addSpace('DEEP', 'Deep')
    world.grant(space, world.crawler, ADMINISTER)
    world.grant(space, 'all-licensed-users', [{ key: 'read', targetType: 'space' }])
    const top = world.addPage(space, 'Top', { id: '990002', read: [world.crawler] })
    const middle = world.addPage(top, 'Middle', { id: '990001' })
    world.addPage(middle, 'Low', { id: '990000' })
    const walked = await walkWith(
      { spaces: ['DEEP'], max_num_of_docs_from_each_space: 1 },
      { ...site(), world },
    )
    expect(walked.documents.map(({ title, ancestors }) => [title, ancestors])).toEqual([
      ['Low', ['Top', 'Middle']],
    ])
    expect(walked.documents[0]?.permissions.data[0].read.groups).toEqual([])
  })

  it('filters by label, naming the rule for each page left out', async () => {
    const walked = await walkWith({ spaces: ['HR'], labels: ['red'] })
    expect(titlesOf(walked.documents)).toEqual(['HR post', 'HR rules'])
    expect(skippedBy(walked)).toEqual([
      'labels: HR home',
      'labels: HR news',
      'labels: HR rule 1',
      'labels: HR rule 2',
    ])
  })

  it('filters by a page and all below it, given by id or address', async () => {
    const { world, hr } = site()
    const walked = await walk({ world, flavour, settings: { ancestor: hr.top.id } })
    expect(titlesOf(walked.documents)).toEqual(['HR rule 1', 'HR rule 2', 'HR rules'])
    const missing = await walk({ world, flavour, settings: { ancestor: '4711' } })
    expect(missing.error).toMatchObject({ kind: 'config', code: 'confluence.ancestor.unknown' })
  })

  it('filters by CQL, and takes a broken clause for a broken setting', async () => {
    const walked = await walkWith({ cql: 'title = "ENG news"' })
    expect(titlesOf(walked.documents)).toEqual(['ENG news'])
    expect((await walkWith({ cql: 'title == (' })).error).toMatchObject({
      kind: 'config',
      code: 'confluence.cql.rejected',
    })
  })

  it('counts the limit after the filters', async () => {
    const walked = await walkWith({ spaces: ['HR'], cql: 'type = page', max_num_of_docs_from_each_space: 3 })
    expect(walked.documents).toHaveLength(3)
    expect(truncations(walked)).toMatchObject([{ space: 'HR', limit: 3, available: 5 }])
  })

  it('takes filters that match nothing for a mistake', async () => {
    const walked = await walkWith({ labels: ['no-such-label'] })
    expect(walked.error).toMatchObject({ kind: 'config', code: 'confluence.filter.matches_nothing' })
    expect(walked.documents).toEqual([])
  })
})

describe('archived pages of Cloud', () => {
  it('come when asked for', async () => {
    const { world, archived } = site()
    archived()
    const spaces = ['HR']
    expect(titlesOf((await walk({ world, flavour: 'cloud', settings: { spaces } })).documents)).not.toContain(
      'Old rules',
    )
    const walked = await walk({ world, flavour: 'cloud', settings: { spaces, include_archived: true } })
    expect(titlesOf(walked.documents)).toContain('Old rules')
    expect(walked.documents.find(({ title }) => title === 'Old rules')?.permissions.status).toBe('complete')
  })
})
