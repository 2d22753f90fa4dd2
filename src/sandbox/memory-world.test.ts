import { describe, expect, it } from 'vitest'
import { compareIds } from './id-order.ts'
import { memoryWorld } from './memory-world.ts'
import { EDIT, VIEW } from './principals.ts'
import type { NodeList, WorldNode } from './world.ts'

const titles = (nodes: readonly WorldNode[]) => nodes.map((node) => node.title)
const everything = (list: NodeList) => Array.from({ length: list.length }, (_, index) => list.at(index))

function smallWorld() {
  const world = memoryWorld()
  const ada = world.addUser('Ada Lindqvist')
  const editors = world.addGroup('editors', [ada])
  const space = world.addSpace('ENG', 'Engineering')
  const home = world.addPage(space, 'Home', { body: '<p>Hello</p>' })
  const folder = world.addFolder(home, 'Designs')
  const page = world.addPage(folder, 'Frame', { labels: ['steel'], version: 4 })
  const leaf = world.addPage(page, 'Lugs')
  return { world, ada, editors, space, home, folder, page, leaf }
}

describe('a memory world', () => {
  it('finds nodes by id, by space and type, by parent', () => {
    const { world, space, home, folder, page } = smallWorld()
    expect(world.node(page.id)).toBe(page)
    expect(world.node('1')).toBeUndefined()
    expect(titles(everything(world.list(space.id, 'page')))).toEqual(['Home', 'Frame', 'Lugs'])
    expect(titles(everything(world.list(space.id, 'folder')))).toEqual(['Designs'])
    expect(world.list('1', 'page').length).toBe(0)
    expect(world.children(home.id)).toEqual([folder])
    expect(home).not.toHaveProperty('parentId')
    expect(() => world.list(space.id, 'page').at(3)).toThrow(RangeError)
  })

  it('lists by numeric id, even where ids are given by hand', () => {
    const world = memoryWorld()
    const space = world.addSpace('A', 'A')
    for (const id of ['900', '1000000', '99', '70000']) world.addPage(space, id, { id })
    expect(titles(everything(world.list(space.id, 'page')))).toEqual(['99', '900', '70000', '1000000'])
    expect(compareIds(world.addPage(space, 'next').id, '1000000')).toBeGreaterThan(0)
    expect(() => world.addPage(space, 'again', { id: '99' })).toThrow('already')
  })

  it('is the same each time it is made', () => {
    const [one, two] = [smallWorld(), smallWorld()]
    expect(one.world.users).toEqual(two.world.users)
    expect(one.world.groups).toEqual(two.world.groups)
    expect(everything(one.world.list(one.space.id, 'page'))).toEqual(
      everything(two.world.list(two.space.id, 'page')),
    )
  })

  it('has people with a licence unless said otherwise', () => {
    const world = memoryWorld()
    const guest = world.addUser('Guest', { licensed: false })
    const member = world.addUser('Member')
    const licensed = world.groups.find((group) => group.access === 'user')
    expect([...(licensed?.members ?? [])]).toEqual([world.crawler.accountId, member.accountId])
    expect(guest.accountId).toMatch(/^712020:[0-9a-f-]{36}$/)
    expect(guest.userKey).toMatch(/^[0-9a-f]{32}$/)
  })

  it('grants operations of a space to people, groups and access classes, and takes them back', () => {
    const { world, ada, editors, space } = smallWorld()
    world.grant(space, ada, EDIT)
    world.grant(space, editors, VIEW)
    world.grant(space, 'all-licensed-users', VIEW)
    world.revoke(space, ada, [{ key: 'delete', targetType: 'page' }])
    world.revoke(space, editors)
    expect(space.grants.filter(({ principal }) => principal.id === ada.accountId)).toHaveLength(
      EDIT.length - 1,
    )
    expect(space.grants.at(-1)).toMatchObject({
      principal: { type: 'access-class', id: 'all-licensed-users' },
      operation: { key: 'read', targetType: 'space' },
    })
    const reader = world.addRole('Reader', VIEW)
    world.assignRole(space, editors, reader)
    expect(space.roleAssignments).toEqual([
      { principal: { type: 'group', id: editors.id }, roleId: reader.id },
    ])
  })

  it('keeps threads of comments and attachments with their page', () => {
    const { world, page, space } = smallWorld()
    const question = world.addComment(page, '<p>Why steel?</p>', { inline: { selection: 'steel' } })
    const answer = world.addComment(question, '<p>It bends.</p>')
    const file = world.addAttachment(page, 'lugs.csv', {
      mediaType: 'text/csv',
      bytes: () => new TextEncoder().encode('a,b\n'),
    })
    expect(world.attached(page.id, 'comment')).toEqual([question, answer])
    expect(world.children(question.id)).toEqual([answer])
    expect(titles(world.children(page.id))).toEqual(['Lugs'])
    expect(answer.comment?.location).toBe('inline')
    expect(world.storage(answer.id)).toBe('<p>It bends.</p>')
    expect(world.attached(page.id, 'attachment')).toEqual([file])
    expect(world.list(space.id, 'attachment').length).toBe(1)
    expect(file.attachment?.size).toBe(4)
  })
})

describe('changes', () => {
  it('make a new version for bodies, titles and files', () => {
    const { world, ada, page } = smallWorld()
    const before = page.version
    world.edit(page, '<p>New</p>', { by: ada, message: 'rewritten' })
    expect(page.version).toMatchObject({ number: 5, authorId: ada.accountId, message: 'rewritten' })
    expect(page.version.createdAt.getTime()).toBeGreaterThan(before.createdAt.getTime())
    expect(world.storage(page.id)).toBe('<p>New</p>')
    world.rename(page, 'Frames')
    expect([page.title, page.version.number]).toEqual(['Frames', 6])
    const file = world.addAttachment(page, 'a.txt', {
      mediaType: 'text/plain',
      bytes: () => new Uint8Array(3),
    })
    const firstFile = file.attachment?.fileId
    world.replaceFile(file, () => new Uint8Array(9))
    expect([file.version.number, file.attachment?.size]).toEqual([2, 9])
    expect(file.attachment?.fileId).not.toBe(firstFile)
  })

  it('leave the version alone for restrictions, labels, moves, trash and archive', () => {
    const { world, ada, editors, page, home } = smallWorld()
    const before = page.version
    world.restrict(page, 'read', [ada, editors])
    world.restrict(page, 'update', [ada])
    world.label(page, ['draft'])
    world.move(page, home)
    world.archive(page)
    world.restore(page)
    world.trash(page)
    expect(page.version).toEqual(before)
    expect(page.readRestriction).toEqual({ users: [ada.accountId], groups: [editors.id] })
    expect(page.updateRestriction).toEqual({ users: [ada.accountId], groups: [] })
    expect(page).toMatchObject({ labels: ['draft'], status: 'trashed' })
  })

  it('move a subtree with its comments into another space, ids unchanged', () => {
    const { world, page, leaf, space } = smallWorld()
    const comment = world.addComment(leaf, '<p>Nice</p>')
    const other = world.addSpace('OPS', 'Operations')
    world.move(page, other)
    expect(titles(everything(world.list(space.id, 'page')))).toEqual(['Home'])
    expect(everything(world.list(other.id, 'page'))).toEqual([page, leaf])
    expect(page).not.toHaveProperty('parentId')
    expect([leaf.parentId, comment.spaceId]).toEqual([page.id, other.id])
    expect(() => world.move(page, leaf)).toThrow('below itself')
  })

  it('order siblings by position', () => {
    const { world, home, leaf } = smallWorld()
    world.move(leaf, home, -1)
    expect(titles(world.children(home.id))).toEqual(['Lugs', 'Designs'])
  })

  it('lift the children of what goes to the trash', () => {
    const { world, folder, page, leaf } = smallWorld()
    world.trash(page)
    expect(world.children(folder.id)).toEqual([page, leaf])
    expect(leaf.status).toBe('current')
  })

  it('purge a page with all that hangs on it', () => {
    const { world, page, leaf, folder } = smallWorld()
    const comment = world.addComment(page, '<p>a</p>')
    const answer = world.addComment(comment, '<p>b</p>')
    world.purge(page)
    expect([page, comment, answer].map((node) => world.node(node.id))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(world.children(folder.id)).toEqual([leaf])
    expect(world.storage(comment.id)).toBe('')
  })

  it('settle comments without a new version', () => {
    const { world, page } = smallWorld()
    const doubt = world.addComment(page, '<p>Why steel?</p>', { inline: { selection: 'steel' } })
    const before = { version: doubt.version, comment: doubt.comment }
    world.resolve(doubt, 'resolved')
    expect(doubt.comment).toEqual({ ...before.comment, resolution: 'resolved' })
    expect(doubt.version).toEqual(before.version)
    expect(() => world.resolve(page, 'open')).toThrow('no comment')
  })

  it('rename, archive and delete spaces, the last with everything in it', () => {
    const { world, space, home, folder } = smallWorld()
    const comment = world.addComment(home, '<p>Hello</p>')
    const post = world.addBlogPost(space, 'News')
    const other = world.addSpace('OPS', 'Operations')
    const kept = world.addPage(other, 'Runbook')
    world.renameSpace(space, 'Machines')
    world.archiveSpace(space)
    expect(space).toMatchObject({ key: 'ENG', name: 'Machines', status: 'archived' })
    world.deleteSpace(space)
    expect(world.spaces).toEqual([other])
    for (const { id } of [home, folder, comment, post]) expect(world.node(id)).toBeUndefined()
    expect(world.list(space.id, 'page').length).toBe(0)
    expect(world.storage(home.id)).toBe('')
    expect(world.node(kept.id)).toBe(kept)
  })

  it('let people come and go, and groups vanish while restrictions still name them', () => {
    const { world, ada, editors, page } = smallWorld()
    world.restrict(page, 'read', [editors])
    world.leave(ada, editors)
    expect(editors.members.size).toBe(0)
    world.join(ada, editors)
    expect(editors.members.size).toBe(1)
    world.deleteGroup(editors)
    expect(world.groups).not.toContain(editors)
    expect(page.readRestriction.groups).toEqual([editors.id])
    world.deactivate(ada)
    expect(ada.active).toBe(false)
  })
})
