import { describe, expect, it } from 'vitest'
import { VIEW } from '../../src/sandbox/principals.ts'
import type { Meddle } from './meddler.ts'
import { attack, flavours, include, macro, readersOf, secret, titlesWith, wiki } from './scene.ts'

interface WireRestriction {
  restrictions: { user: WireList; group: WireList }
}
interface WireList {
  results: unknown[]
  size?: number
  limit?: number
}
interface WireContent {
  id: string
  restrictions?: { read: WireRestriction; update: WireRestriction }
}

const nobody = { users: [], groups: [], status: 'unknown' }

/** Changes every restriction of a page, wherever it is told: in lists, and by itself. */
const restrictionsOf =
  (id: string, change: (restriction: WireRestriction) => void): Meddle =>
  ({ path, body }) => {
    const said = body as WireRestriction & { results?: (WireContent | WireRestriction)[] }
    if (path.includes(`/content/${id}/restriction/byOperation`)) change(said)
    else if (path.includes(`/content/${id}/restriction`))
      for (const each of said.results!) change(each as WireRestriction)
    else
      for (const each of (said.results ?? []) as WireContent[])
        if (each.id === id && each.restrictions) change(each.restrictions.read)
  }

describe.each(flavours)('answers about access that cannot be right, on %s', (flavour) => {
  const lies: Readonly<Record<string, (restriction: WireRestriction) => void>> = {
    'counts people it does not show': ({ restrictions: { user } }) => {
      user.results = []
      user.size = 1
    },
    'counts groups it does not show': ({ restrictions: { user, group } }) => {
      user.results = []
      user.size = 0
      Object.assign(group, { results: [], size: 2 })
    },
    'announces a next page behind an empty one': ({ restrictions: { user } }) =>
      void Object.assign(user, { results: [], size: 0, _links: { next: '/rest/api/content?start=200' } }),
    'names somebody without an id': ({ restrictions: { user } }) => {
      user.results = [{ type: 'known', displayName: 'Somebody' }]
    },
    'lacks its lists': (restriction) => {
      restriction.restrictions = {} as WireRestriction['restrictions']
    },
  }

  it.each(Object.keys(lies))('a restriction that %s lets nobody in', async (lie) => {
    const site = wiki()
    const page = site.world.addPage(site.home, 'Closed', { read: [site.amy, site.world.crawler] })
    site.world.addPage(page, 'Below')
    const tried = await attack({ world: site.world, flavour, meddle: restrictionsOf(page.id, lies[lie]!) })
    expect(readersOf(tried, 'Closed')).toEqual(nobody)
    expect(readersOf(tried, 'Below')).toEqual(nobody)
    expect(readersOf(tried, 'Home').status).toBe('complete')
  })

  it('a site that answers visitors with anything but the space is closed to them', async () => {
    for (const answer of [undefined, { login: 'required' }, [], 'null']) {
      const site = wiki()
      site.world.grant(site.hr, 'anonymous-users', VIEW)
      const tried = await attack({
        world: site.world,
        flavour,
        meddle(said) {
          if (said.authorization !== undefined || !/\/space(?:s\/\d+|\/HR)$/.test(said.path)) return
          Object.assign(said, { status: 200, body: answer ?? '' })
        },
      })
      expect(readersOf(tried, 'Home').groups).not.toContain('ANONYMOUS_USERS')
    }
  })

  it('a group that looks empty proves nothing about who is in it', async () => {
    const site = wiki()
    const ghosts = site.world.addGroup('ghosts', [site.ben])
    site.world.grant(site.hr, ghosts, VIEW)
    site.world.addPage(site.home, 'Closed', { body: `<p>${secret}</p>`, read: [site.staff] })
    site.world.addPage(site.home, 'Outer', { body: include('Closed') })
    const tried = await attack({
      world: site.world,
      flavour,
      meddle(said) {
        const group = flavour === 'cloud' ? `/group/${ghosts.id}/` : '/group/ghosts/'
        if (said.path.includes(group)) (said.body as WireList).results = []
      },
    })
    expect(readersOf(tried, 'Outer').groups).toHaveLength(2)
    expect(titlesWith(tried, secret)).toEqual(['Closed'])
  })

  it('a group that is deleted, or cannot be read, opens nothing by being named', async () => {
    for (const status of [404, 403, 200]) {
      const site = wiki()
      const gone = site.world.addGroup('gone', [site.ben, site.world.crawler])
      site.world.addPage(site.home, 'For the gone', { read: [gone, site.world.crawler] })
      const tried = await attack({
        world: site.world,
        flavour,
        meddle(said) {
          if (!/\/group\/(gone|[\w-]{36})\/member/.test(said.path)) return
          Object.assign(said, { status, body: status === 200 ? { results: [] } : { message: 'No.' } })
        },
      })
      const { users, groups } = readersOf(tried, 'For the gone')
      expect(groups).toEqual([])
      expect(users).toHaveLength(1)
    }
  })

  it('a space answered for another one does not lend its readers', async () => {
    const site = wiki()
    const open = site.world.addSpace('OPN', 'Open')
    site.world.grant(open, site.staff, VIEW)
    const shut = site.world.addSpace('SHT', 'Shut')
    site.world.grant(shut, site.world.crawler, VIEW)
    site.world.addPage(shut, 'Closed', { body: `<p>${secret}</p>` })
    site.world.addPage(site.home, 'Outer', { body: include('Closed', 'SHT') })
    const tried = await attack({
      world: site.world,
      flavour,
      settings: { spaces: ['HR'] },
      meddle({ path, body }) {
        if (!/(?:keys|spaceKey)=SHT/.test(path) || path.includes('title=')) return
        const list = body as { results?: { id: string; key: string }[] }
        // As a server that takes no notice of the filter.
        list.results?.unshift({ ...list.results[0]!, id: open.id, key: 'OPN' })
      },
    })
    expect(titlesWith(tried, secret)).toEqual([])
  })

  it('restrictions of pages nobody lists, above the ones listed, hold', async () => {
    for (const status of ['archived', 'trashed', 'draft'] as const) {
      const site = wiki()
      const above = site.world.addPage(site.home, 'Above', { read: [site.world.crawler] })
      site.world.addPage(above, 'Closed', { body: `<p>${secret}</p>${macro('children')}` })
      // The child stays where it was, as in sites that were migrated.
      above.status = status
      const tried = await attack({ world: site.world, flavour })
      for (const title of titlesWith(tried, secret)) expect(readersOf(tried, title).groups).toEqual([])
    }
  })
})

describe('answers about access that cannot be right, on cloud', () => {
  it('hold for containers of every type', async () => {
    const site = wiki()
    const containers = [
      site.world.addFolder(site.home, 'Folder', { read: [site.world.crawler] }),
      ...(['whiteboard', 'database', 'embed'] as const).map((type) =>
        site.world.addNode(type, site.home, type, { read: [site.world.crawler] }),
      ),
    ]
    for (const container of containers) site.world.addPage(container, `In ${container.title}`)
    const tried = await attack({ world: site.world, flavour: 'cloud' })
    for (const { title } of containers) expect(readersOf(tried, `In ${title}`).groups).toEqual([])
  })

  it('a member list that came short does not open to all what is for a few', async () => {
    const site = wiki()
    site.world.revoke(site.hr, site.staff)
    site.world.grant(site.hr, 'all-licensed-users', VIEW)
    const [licensed] = site.world.groups
    site.world.addPage(site.home, 'Closed', { read: [site.board] })
    const tried = await attack({
      world: site.world,
      flavour: 'cloud',
      meddle({ path, body }) {
        const list = body as WireList
        if (path.includes(`/group/${licensed!.id}/`)) list.results = list.results.slice(0, 1)
      },
    })
    expect(readersOf(tried, 'Closed').groups).not.toContain('ALL_LICENSED_USERS')
  })

  it('a role or an access class in any spelling lets in nobody whom it does not name', async () => {
    const site = wiki()
    const spellings = [
      ['role', 'anonymous-users'],
      ['ROLE', 'ANONYMOUS_USERS'],
      ['everyone', 'all'],
      ['', 'ANONYMOUS_USERS'],
      ['access-class', ''],
    ]
    const tried = await attack({
      world: site.world,
      flavour: 'cloud',
      meddle({ path, body }) {
        if (!path.includes('/permissions')) return
        const list = body as { results: unknown[] }
        for (const [index, [type, id]] of spellings.entries())
          list.results.push({
            id: `x${index}`,
            principal: { type, id },
            operation: { key: 'read', targetType: 'space' },
          })
      },
    })
    expect(readersOf(tried, 'Home').groups).toEqual([site.staff.id])
  })
})
