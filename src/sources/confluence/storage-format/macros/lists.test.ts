import { describe, expect, it } from 'vitest'
import { losses, macro, pageLink, pageNamed, rendered, wiki } from '../../../../../test/fidelity/wiki.ts'
import type { Surroundings } from '../../surroundings.ts'

type Asked = Parameters<Surroundings['children']> | Parameters<Surroundings['labelled']>

/** A wiki that answers every list the same, and remembers what it was asked. */
function listing(...pages: ReturnType<typeof pageLink>[]) {
  const asked: Asked[] = []
  const answer = async (...question: Asked) => {
    asked.push(question)
    return pages
  }
  const site = wiki({ children: answer, labelled: answer, pages: { 'OPS:Other': macro('children') } })
  return { asked, site }
}

const link = (title: string) => `<a href="https://wiki.example/pages/${title}">${title}</a>`

describe('lists of pages', () => {
  it('are built from the tree, as deep as it was given', async () => {
    const { site } = listing(pageLink('A', [pageLink('A1')]), pageLink('B'))
    expect(await rendered(macro('children', { depth: '2' }), site)).toBe(
      `<ul><li>${link('A')}<ul><li>${link('A1')}</li></ul></li><li>${link('B')}</li></ul>`,
    )
  })

  it.each([
    [macro('children'), [{ special: '@self' }, 1]],
    [macro('children', { all: 'true' }), [{ special: '@self' }, 100]],
    [
      macro('children', { depth: '3', page: `<ac:link>${pageNamed('Root', 'OPS')}</ac:link>` }),
      [{ title: 'Root', spaceKey: 'OPS' }, 3],
    ],
    [macro('children', { page: '@parent' }), [{ special: '@parent' }, 1]],
    [macro('pagetree'), [{ special: '@home', spaceKey: 'HR' }, 1]],
    [
      macro('pagetree', { root: `<ac:link>${pageNamed('@home')}</ac:link>` }),
      [{ special: '@home', spaceKey: 'HR' }, 1],
    ],
    [macro('pagetree', { root: '@self', startDepth: '2' }), [{ special: '@self' }, 2]],
    [
      macro('pagetree', { root: `<ac:link>${pageNamed('Root')}</ac:link>` }),
      [{ title: 'Root', spaceKey: 'HR' }, 1],
    ],
  ])('ask for what the macro asks: %s', async (storage, question) => {
    const { asked, site } = listing(pageLink('A'))
    await rendered(storage, site)
    expect(asked).toEqual([question])
  })

  it('on an included page are about that page', async () => {
    const { asked, site } = listing(pageLink('A'))
    await rendered(macro('include', { '': `<ac:link>${pageNamed('Other', 'OPS')}</ac:link>` }), site)
    expect(asked).toEqual([[{ title: 'Other', spaceKey: 'OPS' }, 1]])
  })

  it('can be turned round and cut', async () => {
    const { site } = listing(pageLink('B'), pageLink('A'), pageLink('C'))
    expect(await rendered(macro('children', { sort: 'title', reverse: 'true', first: '2' }), site)).toBe(
      `<ul><li>${link('C')}</li><li>${link('B')}</li></ul>`,
    )
  })

  it('that nobody can answer are named', async () => {
    expect(await losses(macro('children'))).toEqual([{ code: 'unsupported_macro', name: 'children' }])
  })

  it('that are empty show nothing', async () => {
    expect(await rendered(macro('children'), listing().site)).toBe('')
  })
})

describe('content by label', () => {
  const query = async (parameters: Record<string, string>) => {
    const { asked, site } = listing(pageLink('A'))
    await rendered(macro('contentbylabel', parameters), site)
    return asked[0]?.[0]
  }

  it('reads its own parameters', async () => {
    expect(await query({ labels: 'a, b', spaces: 'HR,OPS', max: '5' })).toEqual({
      labels: ['a', 'b'],
      any: true,
      spaceKeys: ['HR', 'OPS'],
      limit: 5,
    })
    expect(await query({ labels: 'a b', operator: 'AND' })).toEqual({
      labels: ['a', 'b'],
      any: false,
      spaceKeys: [],
      limit: 15,
    })
  })

  it('reads the CQL that the macro browser writes', async () => {
    expect(
      await query({ cql: 'label = "how to" and space = currentSpace() and type in ("page","blogpost")' }),
    ).toEqual({
      labels: ['how to'],
      any: false,
      spaceKeys: [],
      limit: 15,
    })
    expect(await query({ cql: 'label in ("a","b") and space = "OPS" order by title' })).toEqual({
      labels: ['a', 'b'],
      any: true,
      spaceKeys: ['OPS'],
      limit: 15,
    })
    expect(await query({ cql: 'label = "a" and label = "b"' })).toMatchObject({
      labels: ['a', 'b'],
      any: false,
    })
  })

  it.each([
    { cql: 'label = "a" or label = "b"' },
    { cql: 'label = "a" and creator = currentUser()' },
    { cql: 'label = "a" and label in ("b","c")' },
    { cql: 'label != "a"' },
    { cql: 'label = "a" and type = "attachment"' },
    { labels: 'a,-b' },
    { spaces: 'HR' },
  ])('asks nothing when labels and spaces do not tell it all: %j', async (parameters) => {
    expect(await query(parameters)).toBeUndefined()
    expect(await losses(macro('contentbylabel', parameters), listing(pageLink('A')).site)).toContainEqual({
      code: 'unsupported_macro',
      name: 'contentbylabel',
    })
  })

  it('leaves the page itself out on demand', async () => {
    const { site } = listing(pageLink('A'), pageLink('Plan', [], '1'))
    const parameters = { labels: 'a', spaces: 'HR', excludeCurrent: 'true' }
    expect(await rendered(macro('contentbylabel', parameters), site)).toBe(`<ul><li>${link('A')}</li></ul>`)
  })

  it('says so when it had to look in this space alone', async () => {
    const { site } = listing(pageLink('A'))
    expect(await losses(macro('contentbylabel', { labels: 'a' }), site)).toEqual([
      { code: 'partial_list', name: 'contentbylabel' },
    ])
    expect(await losses(macro('contentbylabel', { labels: 'a', spaces: 'HR' }), site)).toEqual([])
  })
})
