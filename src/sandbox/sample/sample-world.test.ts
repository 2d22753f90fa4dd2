import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { storageProblems } from '../../../test/support/storage-problems.ts'
import { viewerOf } from '../access.ts'
import type { User, World, WorldNode, WorldNodeType } from '../world.ts'
import { sampleWorld } from './sample-world.ts'

function all(world: World, ...types: readonly WorldNodeType[]): WorldNode[] {
  return world.spaces.flatMap(({ id }) =>
    types.flatMap((type) => {
      const list = world.list(id, type)
      return Array.from({ length: list.length }, (_, index) => list.at(index))
    }),
  )
}

const titles = (nodes: readonly WorldNode[]) => nodes.map(({ title }) => title).sort()

function titled(world: World, title: string): WorldNode {
  const found = all(world, 'page', 'folder', 'blogpost').find((node) => node.title === title)
  if (found === undefined) throw new Error(`The sample has no “${title}”.`)
  return found
}

const hiddenFrom = (world: World, user: User | undefined) => {
  const viewer = viewerOf(world, user)
  return titles(all(world, 'page', 'blogpost').filter((node) => !viewer.may('read', node)))
}

const person = (world: World, name: string) => world.users.find(({ displayName }) => displayName === name)

const depth = (world: World, node: WorldNode): number =>
  node.parentId === undefined ? 1 : 1 + depth(world, world.node(node.parentId)!)

describe.each(['cloud', 'data-center'] as const)('the sample (%s)', (flavour) => {
  const world = sampleWorld({ flavour })
  const written = all(world, 'page', 'blogpost', 'comment')
  const bodies = written.map(({ id }) => world.storage(id))
  const everything = bodies.join('\n')

  it('is the same each time it is made', () => {
    const again = sampleWorld({ flavour })
    expect(all(again, 'page')).toEqual(all(world, 'page'))
    expect(all(again, 'page').map(({ id }) => again.storage(id))).toEqual(
      all(world, 'page').map(({ id }) => world.storage(id)),
    )
  })

  it('has some sixty pages in four spaces, six levels deep', () => {
    expect(world.spaces.map(({ type }) => type === 'personal')).toEqual([false, false, false, true])
    expect(all(world, 'page').length).toBeGreaterThanOrEqual(60)
    expect(all(world, 'page').length).toBeLessThan(80)
    expect(Math.max(...all(world, 'page').map((page) => depth(world, page)))).toBe(6)
  })

  it('is well formed', () => {
    expect(bodies.flatMap(storageProblems)).toEqual([])
  })

  it('gives every macro an id of its own', () => {
    const ids = [...everything.matchAll(/ac:macro-id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each([
    'ac:name="info"',
    'ac:name="note"',
    'ac:name="tip"',
    'ac:name="warning"',
    'ac:name="panel"',
    'ac:name="expand"',
    'ac:name="code"',
    'ac:name="noformat"',
    'ac:name="quote"',
    'ac:name="status"',
    'ac:name="toc"',
    'ac:name="anchor"',
    'ac:name="children"',
    'ac:name="pagetree"',
    'ac:name="contentbylabel"',
    'ac:name="recently-updated"',
    'ac:name="include"',
    'ac:name="excerpt"',
    'ac:name="excerpt-include"',
    'ac:name="details"',
    'ac:name="detailssummary"',
    'ac:name="jira"',
    'ac:name="section"',
    'ac:name="column"',
    'ac:name="view-file"',
    'ac:name="widget"',
    'ac:name="mathblock"',
    'ac:name="spoke-tension-map"',
    'ac:name="language">javascript',
    ']]]]><![CDATA[>',
    '<ac:layout-section ac:type="three_equal">',
    '<ac:task-status>complete<',
    '<ac:task-status>incomplete<',
    '<ac:emoticon',
    '<time datetime=',
    '<ac:image',
    '<ac:caption>',
    '<ri:url',
    '<ri:user',
    '<ri:attachment',
    '<ac:plain-text-link-body><![CDATA[',
    '<ac:link-body>',
    '<ac:link ac:anchor=',
    '<ac:inline-comment-marker',
    'decision-list',
    'rowspan="2"',
    'colspan="2"',
    '<blockquote>',
    '<thead>',
    '<hr />',
    '<sub>',
    'mailto:',
  ])('shows %s', (markup) => {
    expect(everything).toContain(markup)
  })

  it('names pages that are there, but for one that is meant to be missing', () => {
    const known = new Set(all(world, 'page', 'blogpost').map(({ spaceId, title }) => `${spaceId} ${title}`))
    const broken = written.flatMap(({ id, spaceId }) =>
      [...world.storage(id).matchAll(/<ri:page (?:ri:space-key="([^"]+)" )?ri:content-title="([^"]+)"/g)]
        .map(([, key, title]) => ({
          space: key === undefined ? spaceId : world.spaces.find((space) => space.key === key)?.id,
          title: title!.replaceAll('&amp;', '&'),
        }))
        .filter(({ title }) => !title.startsWith('@'))
        .filter(({ space, title }) => !known.has(`${space} ${title}`))
        .map(({ title }) => title),
    )
    expect(broken).toEqual(['Rules of the forge'])
  })

  it('names files that hang on the page', () => {
    for (const { id } of written) {
      const files = world.attached(id, 'attachment').map(({ title }) => title)
      const named = [...world.storage(id).matchAll(/<ri:attachment ri:filename="([^"]+)"/g)].map(
        ([, name]) => name,
      )
      expect(files).toEqual(expect.arrayContaining(named))
    }
  })

  it('marks the words that its inline comments are about', () => {
    const inline = all(world, 'comment').filter(({ comment }) => comment?.markerRef !== undefined)
    expect(inline).toHaveLength(2)
    for (const { containerId, comment } of inline) {
      const marker = `<ac:inline-comment-marker ac:ref="${comment!.markerRef}">${comment!.selection}</`
      expect(world.storage(containerId!)).toContain(marker)
    }
  })

  it('has threads three deep, and resolved comments', () => {
    const comments = all(world, 'comment')
    expect(Math.max(...comments.map((comment) => depth(world, comment)))).toBe(3)
    expect(comments.some(({ comment }) => comment?.resolution === 'resolved')).toBe(true)
  })

  it('has content of every status, an empty page, and one title twice', () => {
    const pages = all(world, 'page')
    expect(new Set(pages.map(({ status }) => status))).toEqual(
      new Set(['current', 'archived', 'trashed', 'draft']),
    )
    expect(pages.some(({ id }) => world.storage(id) === '')).toBe(true)
    const gettingStarted = pages.filter(({ title }) => title === 'Getting started')
    expect(new Set(gettingStarted.map(({ spaceId }) => spaceId)).size).toBe(2)
    for (const piece of ['<', '&', '/', '..', '品']) {
      expect(pages.some(({ title }) => title.includes(piece))).toBe(true)
    }
  })

  it('has a title only once in a space', () => {
    const keys = all(world, 'page', 'folder').map(({ spaceId, title }) => `${spaceId} ${title}`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('hides from the crawler exactly what nobody let it see', () => {
    expect(hiddenFrom(world, world.crawler)).toEqual([
      'Canteen survey',
      'Letter I will not send',
      'Salary bands',
      'Salary bands: worked examples',
    ])
  })

  it('shows visitors who are not signed in the public space without its dealers’ corner', () => {
    const hidden = hiddenFrom(world, undefined)
    const open = titles(all(world, 'page', 'blogpost')).filter((title) => !hidden.includes(title))
    expect(open).toContain('Tyre pressure')
    expect(open).toContain('Ride with us in June')
    expect(open).not.toContain('Welcome')
    expect(hidden).toEqual(expect.arrayContaining(['For dealers', 'Returns', 'Dealer prices 2025']))
  })

  it('lets two layers of restrictions meet: only who passes both gets in', () => {
    const mayRead = (name: string) =>
      viewerOf(world, person(world, name)).may('read', titled(world, 'Apprentice contracts'))
    expect(['Hannah Weiss', 'Sofia Marchetti', 'Tomas Lindgren', 'Mira Okafor'].map(mayRead)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('restricts one page to a group that is gone', () => {
    const { groups } = titled(world, 'In an emergency').readRestriction
    const gone = groups.filter((id) => world.groups.every((group) => group.id !== id))
    expect(gone).toHaveLength(1)
  })

  it('keeps most of those who read a page from editing it', () => {
    const may = (name: string) =>
      viewerOf(world, person(world, name)).may('update', titled(world, 'Tubing & suppliers'))
    expect(['Mira Okafor', 'Priya Raman'].map(may)).toEqual([true, false])
  })

  it('has a group and a restriction that do not fit on one page of an answer', () => {
    expect(world.groups.find(({ name }) => name === 'dealers')?.members.size).toBeGreaterThan(200)
    expect(titled(world, 'Dealer prices 2025').readRestriction.users.length).toBeGreaterThan(200)
  })

  it('renders what only the server can render, under the ids of the storage format', () => {
    const views = all(world, 'page').flatMap(({ id }) => {
      const view = world.view?.(id)
      return view === undefined ? [] : [{ view, storage: world.storage(id) }]
    })
    expect(views).toHaveLength(3)
    for (const { view, storage } of views) {
      const [, name, id] =
        view.match(/data-macro-name="(jira|spoke-tension-map)" data-macro-id="([^"]+)"/) ?? []
      expect(storage).toContain(`ac:name="${name}" ac:schema-version="1" ac:macro-id="${id}"`)
      expect(storageProblems(view)).toEqual([])
    }
  })

  it('has files of every type that is read by itself, of the size they say', () => {
    const files = all(world, 'attachment').map(({ attachment }) => attachment!)
    const endings = new Set(all(world, 'attachment').map(({ title }) => title.split('.').at(-1)))
    const expected = [
      ...['csv', 'docx', 'eml', 'epub', 'html', 'json', 'md', 'msg', 'ndjson', 'odt', 'pdf', 'png'],
      ...['pptx', 'py', 'rtf', 'svg', 'tsv', 'txt', 'xls', 'xlsx', 'xml'],
    ]
    expect(endings).toEqual(new Set(expected))
    for (const { bytes, size } of files) expect(bytes().byteLength).toBe(size)
  })
})

describe('the flavours of the sample', () => {
  const cloud = sampleWorld({ flavour: 'cloud' })
  const dataCenter = sampleWorld({ flavour: 'data-center' })
  const text = (world: World) =>
    all(world, 'page')
      .map(({ id }) => world.storage(id))
      .join('')

  it('name people as their site does', () => {
    expect(text(cloud)).not.toContain('ri:userkey')
    expect(text(dataCenter)).not.toContain('ri:account-id')
    expect(text(dataCenter)).not.toContain('ac:adf')
  })

  it('have folders and what Cloud alone knows, or pages instead', () => {
    const ofCloud = ['folder', 'whiteboard', 'database', 'embed'] as const
    expect(
      all(cloud, ...ofCloud)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['database', 'embed', 'folder', 'folder', 'whiteboard'])
    expect(all(cloud, 'page').filter(({ subtype }) => subtype === 'live')).toHaveLength(1)
    expect(all(dataCenter, ...ofCloud)).toEqual([])
    expect(titled(dataCenter, 'Pay and contracts').type).toBe('page')
  })

  it('grant by roles and permissions, or by permissions alone', () => {
    expect(cloud.roleMode).toBe('ROLES_TRANSITION')
    expect(
      cloud.spaces.map(({ grants, roleAssignments }) => [grants.length > 0, roleAssignments.length > 0]),
    ).toEqual([
      [true, false],
      [false, true],
      [false, true],
      [true, false],
    ])
    expect(dataCenter.roleMode).toBe('PRE_ROLES')
    expect(dataCenter.spaces.every(({ roleAssignments }) => roleAssignments.length === 0)).toBe(true)
  })
})

describe('the files of the sample', () => {
  const world = sampleWorld()
  const bytesOf = (name: string) =>
    Buffer.from(
      all(world, 'attachment')
        .find(({ title }) => title === name)!
        .attachment!.bytes(),
    )

  it('hold a picture that can be unpacked', () => {
    const png = bytesOf('cape-loop.png')
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([92, 40])
    const length = png.readUInt32BE(33)
    expect(inflateSync(png.subarray(41, 41 + length)).byteLength).toBe(40 * (1 + 92 * 3))
  })

  it('hold a document whose table of contents is right', () => {
    const document = bytesOf('expense-form.pdf').toString('latin1')
    const table = Number(document.match(/startxref\n(\d+)/)?.[1])
    expect(document.slice(table, table + 4)).toBe('xref')
    const offsets = [...document.matchAll(/^(\d{10}) 00000 n /gm)].map(([, offset]) => Number(offset))
    for (const [index, offset] of offsets.entries()) {
      expect(document.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj`))
    }
  })
})
