import { describe, expect, it } from 'vitest'
import { viewerOf } from './access.ts'
import { parseCql } from './cql.ts'
import { memoryWorld } from './memory-world.ts'
import { createSearch } from './search.ts'

const read = { key: 'read', targetType: 'space' }

function wiki() {
  const world = memoryWorld({ startsAt: new Date('2024-03-04T08:00:00Z') })
  const ada = world.addUser('Ada Lund')
  const [hr, old, me] = [
    world.addSpace('HR', 'People'),
    world.addSpace('OLD', 'Archive', { status: 'archived' }),
    world.addSpace('~ada', 'Ada', { type: 'personal' }),
  ]
  for (const space of [hr, old, me]) world.grant(space, world.groups[0]!, [read])
  const home = world.addPage(hr, 'Home', { body: '<p>Welcome aboard</p>', labels: ['start'] })
  const folder = world.addFolder(home, 'Docs')
  const rules = world.addPage(folder, 'House rules', { body: '<p>No shoes inside</p>', author: ada })
  const quote = world.addPage(home, 'The "best" page', { labels: ['start', 'fun'] })
  world.addComment(rules, '<p>Why aboard?</p>')
  world.addBlogPost(hr, 'Moving', { body: '<p>We move</p>' })
  world.addPage(home, 'Bin', { status: 'trashed' })
  world.addPage(home, 'Shelf', { status: 'archived' })
  world.addPage(home, 'Closed', { read: [ada] })
  world.addPage(old, 'Dusty')
  world.addPage(me, 'Mine')
  const search = createSearch(world, 0)
  const find = (cql: string, options: Omit<Parameters<typeof search.find>[0], 'cql'> = {}) =>
    search.find({ cql, ...options }, viewerOf(world, world.crawler)).map(({ title }) => title)
  return { world, home, folder, rules, quote, ada, find }
}

describe('CQL finds', () => {
  const { home, folder, rules, quote, ada, find } = wiki()

  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['space = HR and type = page', ['Home', 'House rules', 'The "best" page']],
    ['space in ("HR", OLD) and type = blogpost', ['Moving']],
    ['space = "~ada"', ['Mine']],
    ['space.type = personal', ['Mine']],
    ['type not in (page, blogpost, comment, folder)', []],
    ['type = comment', ['Re: House rules']],
    [`id = ${home.id}`, ['Home']],
    [`id in (${home.id}, ${quote.id})`, ['Home', 'The "best" page']],
    [`content = "${rules.id}"`, ['House rules']],
    ['title = "home"', ['Home']],
    ['title = "The \\"best\\" page"', ['The "best" page']],
    ["title = 'Home'", ['Home']],
    ['title ~ "rules house"', ['House rules', 'Re: House rules']],
    ['title ~ "hous*" and type = page', ['House rules']],
    ['title != Home and type = page and space = HR', ['House rules', 'The "best" page']],
    ['text ~ "aboard" and type = page', ['Home']],
    ['text ~ aboard', ['Home', 'Re: House rules']],
    ['text !~ aboard and type = page and space = HR', ['House rules', 'The "best" page']],
    ['label = start', ['Home', 'The "best" page']],
    ['label in (fun, none)', ['The "best" page']],
    ['label = start and label != fun', ['Home']],
    [`parent = ${home.id}`, ['Docs', 'The "best" page']],
    [`ancestor = ${home.id} and type = page`, ['House rules', 'The "best" page']],
    [`ancestor = ${folder.id}`, ['House rules', 'Re: House rules']],
    [`creator = "${ada.accountId}"`, ['House rules']],
    ['creator = currentUser() and type = blogpost', ['Moving']],
    ['(label = fun or title = Home) and not type = blogpost', ['Home', 'The "best" page']],
    ['type = page AND NOT (space = HR OR space.type = personal)', []],
    ['created >= "2024-03-04" and created < "2024-03-05" and label = start', ['Home', 'The "best" page']],
    ['created = "2024/03/04" and label = fun', ['The "best" page']],
    ['created > "2024-03-05"', []],
    ['lastModified > now("-4h")', []],
    ['lastmodified < startOfDay() and title = Mine', ['Mine']],
    ['space = HR and type = page order by title desc', ['The "best" page', 'House rules', 'Home']],
    [
      'space = HR and type in (page, blogpost) order by type, title DESC',
      ['Moving', 'The "best" page', 'House rules', 'Home'],
    ],
    ['space = HR and type = page order by created asc', ['Home', 'House rules', 'The "best" page']],
  ]
  it.each(cases)('%s', (cql, titles) => {
    expect(find(cql)).toEqual(titles)
  })

  it('a date to the minute it happened in', () => {
    const at = home.createdAt.toISOString()
    const minute = `${at.slice(0, 10)} ${at.slice(11, 16)}`
    expect(find(`created = "${minute}"`)).toEqual(['Home'])
    expect(find(`created > "${minute}" and title = Home`)).toEqual([])
    expect(find(`created >= "${at}" and title = Home`)).toEqual(['Home'])
  })

  it('archived spaces only when asked to, archived pages only in that status, trash never', () => {
    expect(find('title = Dusty')).toEqual([])
    expect(find('title = Dusty', { archivedSpaces: true })).toEqual(['Dusty'])
    expect(find('title = Shelf')).toEqual([])
    expect(find('title = Shelf', { statuses: ['archived'] })).toEqual(['Shelf'])
    expect(find('title = Bin', { statuses: ['archived', 'current'] })).toEqual([])
  })

  it('nothing that the caller may not see', () => {
    expect(find('title = Closed')).toEqual([])
  })
})

describe('CQL refuses', () => {
  const { find } = wiki()
  it.each([
    'space =',
    'space = HR and',
    'space = HR type = page',
    '(space = HR',
    'space = "HR',
    'colour = red',
    'constructor = red',
    'space = HR order by constructor',
    'title > a',
    'created ~ "2024"',
    'created = yesterday',
    'created = "2024-02-30"',
    'created > now("-4 hours")',
    'created > later()',
    'creator = nobody()',
    'type in page',
    'space = HR order by',
    'space = HR order by colour',
    'order title',
  ])('%s', (cql) => {
    expect(() => find(cql)).toThrow('Could not parse cql')
  })
})

it('reads quotes, escapes and keywords in any case', () => {
  expect(parseCql(String.raw`Title = "a \"b\" \\ c" Order By Created Desc`)).toEqual({
    clause: {
      type: 'compare',
      field: 'title',
      operator: '=',
      operands: [{ type: 'text', text: String.raw`a "b" \ c` }],
    },
    order: [{ field: 'created', descending: true }],
  })
})

it('does not see what changed until the index is brought up to date', async () => {
  const { world, home } = wiki()
  const search = createSearch(world, 40)
  const find = (title: string) =>
    search.find({ cql: `title = "${title}"` }, viewerOf(world, world.crawler)).length
  world.addPage(home, 'Brand new')
  home.status = 'trashed'
  expect([find('Brand new'), find('Home')]).toEqual([0, 1])
  await expect.poll(() => [find('Brand new'), find('Home')]).toEqual([1, 0])
  search.close()
})
