import { describe, expect, it } from 'vitest'
import { type Operation, viewerOf } from './access.ts'
import { memoryWorld } from './memory-world.ts'
import type { AccessClass, SpaceOperation, User, World, WorldNode } from './world.ts'

const read: SpaceOperation = { key: 'read', targetType: 'space' }
const createPage: SpaceOperation = { key: 'create', targetType: 'page' }
const deletePage: SpaceOperation = { key: 'delete', targetType: 'page' }
const createPost: SpaceOperation = { key: 'create', targetType: 'blogpost' }
const deletePost: SpaceOperation = { key: 'delete', targetType: 'blogpost' }
const everything = [read, createPage, deletePage, createPost, deletePost]

/** A space that `insider` may do everything in, by name, and nobody else anything. */
function site(options: Parameters<typeof memoryWorld>[0] = {}) {
  const world = memoryWorld(options)
  const insider = world.addUser('Insider')
  const other = world.addUser('Other')
  const space = world.addSpace('S', 'Space')
  world.grant(space, insider, everything)
  return { world, space, insider, other }
}

const may = (world: World, user: User | undefined, operation: Operation, node: WorldNode) =>
  viewerOf(world, user).may(operation, node)

describe('reading', () => {
  it('takes the read permission of the space', () => {
    const { world, space, insider, other } = site()
    const page = world.addPage(space, 'Page')
    expect(may(world, insider, 'read', page)).toBe(true)
    expect(may(world, other, 'read', page)).toBe(false)
  })

  it('takes more than to be named by the page where the space is closed', () => {
    const { world, space, other } = site()
    const page = world.addPage(space, 'Page', { read: [other] })
    expect(may(world, other, 'read', page)).toBe(false)
  })

  it('takes an account that is active', () => {
    const { world, space, insider } = site()
    const page = world.addPage(space, 'Page')
    insider.active = false
    expect(may(world, insider, 'read', page)).toBe(false)
    expect(viewerOf(world, insider).sees(space)).toBe(false)
  })

  it('takes every restricted ancestor, not only the nearest', () => {
    const { world, space, insider, other } = site()
    world.grant(space, other, everything)
    const top = world.addPage(space, 'Top', { read: [insider] })
    const middle = world.addPage(top, 'Middle', { read: [insider, other] })
    const leaf = world.addPage(middle, 'Leaf')
    expect(may(world, insider, 'read', leaf)).toBe(true)
    expect(may(world, other, 'read', leaf)).toBe(false)
  })

  it.each(['folder', 'whiteboard', 'database', 'embed'] as const)(
    'takes the restriction of a %s above',
    (type) => {
      const { world, space, insider, other } = site()
      world.grant(space, other, everything)
      const above =
        type === 'folder'
          ? world.addFolder(space, 'Above', { read: [insider] })
          : world.addNode(type, space, 'Above', { read: [insider] })
      const page = world.addPage(above, 'Page')
      expect(may(world, insider, 'read', page)).toBe(true)
      expect(may(world, other, 'read', page)).toBe(false)
      expect(may(world, other, 'read', above)).toBe(false)
    },
  )

  it('is not hindered by a restriction that names nobody', () => {
    const { world, space, insider } = site()
    expect(may(world, insider, 'read', world.addPage(space, 'Page', { read: [] }))).toBe(true)
  })

  it('passes by users or by groups, whichever names the caller', () => {
    const { world, space, insider, other } = site()
    world.grant(space, other, everything)
    const team = world.addGroup('team', [other])
    const page = world.addPage(space, 'Page', { read: [insider, team] })
    expect(may(world, insider, 'read', page)).toBe(true)
    expect(may(world, other, 'read', page)).toBe(true)
    team.members.delete(other.accountId)
    expect(may(world, other, 'read', page)).toBe(false)
  })

  it('is closed to all by a restriction to a group that was deleted', () => {
    const { world, space, insider } = site()
    const page = world.addPage(space, 'Page')
    page.readRestriction = { users: [], groups: ['gone'] }
    expect(may(world, insider, 'read', page)).toBe(false)
  })

  it('is not given by an edit restriction, nor hindered by one', () => {
    const { world, space, insider, other } = site()
    world.grant(space, other, everything)
    const page = world.addPage(space, 'Page', { read: [insider], update: [other] })
    expect(may(world, other, 'read', page)).toBe(false)
    const open = world.addPage(space, 'Open', { update: [insider] })
    expect(may(world, other, 'read', open)).toBe(true)
  })

  it('of a draft is for its author alone', () => {
    const { world, space, insider, other } = site()
    world.grant(space, other, everything)
    const draft = world.addPage(space, 'Draft', { author: insider, status: 'draft' })
    expect(may(world, insider, 'read', draft)).toBe(true)
    expect(may(world, other, 'read', draft)).toBe(false)
  })
})

describe('comments and attachments', () => {
  it('are read, changed and deleted as the page they belong to', () => {
    const { world, space, insider, other } = site()
    world.grant(space, other, [read])
    const page = world.addPage(space, 'Page', { read: [insider] })
    const open = world.addPage(space, 'Open')
    const bytes = () => new Uint8Array()
    const answers = [page, open].flatMap((holder) => {
      const comment = world.addComment(holder, '<p>Hm.</p>')
      const answer = world.addComment(comment, '<p>Yes?</p>')
      return [comment, answer, world.addAttachment(holder, 'a.txt', { mediaType: 'text/plain', bytes })]
    })
    expect(answers.map((node) => may(world, insider, 'delete', node))).toEqual(Array(6).fill(true))
    expect(answers.map((node) => may(world, other, 'read', node))).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ])
    expect(answers.some((node) => may(world, other, 'update', node))).toBe(false)
  })
})

describe('changing', () => {
  const cases = [
    { name: 'create allows to update', granted: [read, createPage], update: true, remove: false },
    { name: 'delete allows to delete', granted: [read, deletePage], update: false, remove: true },
    {
      name: 'what holds for posts does not hold for pages',
      granted: [read, createPost, deletePost],
      update: false,
      remove: false,
    },
    { name: 'nothing goes without reading', granted: [createPage, deletePage], update: false, remove: false },
  ]
  it.each(cases)('a page: $name', ({ granted, update, remove }) => {
    const { world, space, other } = site()
    world.grant(space, other, granted)
    const page = world.addPage(space, 'Page')
    expect(may(world, other, 'update', page)).toBe(update)
    expect(may(world, other, 'delete', page)).toBe(remove)
  })

  it('a blog post takes the permissions for blog posts', () => {
    const { world, space, other } = site()
    world.grant(space, other, [read, createPost, deletePage])
    const post = world.addBlogPost(space, 'Post')
    expect(may(world, other, 'update', post)).toBe(true)
    expect(may(world, other, 'delete', post)).toBe(false)
  })

  it('takes the own edit restriction, which does not inherit', () => {
    const { world, space, insider, other } = site()
    world.grant(space, other, everything)
    const top = world.addPage(space, 'Top', { update: [insider] })
    const below = world.addPage(top, 'Below')
    expect(may(world, other, 'update', top)).toBe(false)
    expect(may(world, other, 'delete', top)).toBe(false)
    expect(may(world, other, 'update', below)).toBe(true)
    expect(may(world, other, 'delete', below)).toBe(true)
  })

  it('takes the read restrictions of all ancestors', () => {
    const { world, space, insider, other } = site()
    world.grant(space, other, everything)
    const below = world.addPage(world.addPage(space, 'Top', { read: [insider] }), 'Below', {
      update: [other],
    })
    expect(may(world, other, 'update', below)).toBe(false)
    expect(may(world, insider, 'update', below)).toBe(false)
  })
})

describe('anonymous visitors', () => {
  it('need the consent of the site and of the space', () => {
    for (const [siteConsent, spaceConsent] of [
      [true, true],
      [true, false],
      [false, true],
    ] as const) {
      const { world, space } = site({ anonymousAccess: siteConsent })
      if (spaceConsent) world.grant(space, 'anonymous-users', [read])
      const page = world.addPage(space, 'Page')
      expect(may(world, undefined, 'read', page)).toBe(siteConsent && spaceConsent)
    }
  })

  it('pass no restriction', () => {
    const { world, space, insider } = site({ anonymousAccess: true })
    world.grant(space, 'anonymous-users', [read])
    expect(may(world, undefined, 'read', world.addPage(space, 'Page', { read: [insider] }))).toBe(false)
  })

  it('share their permissions with everybody who is signed in', () => {
    const { world, space, other } = site({ anonymousAccess: false })
    world.grant(space, 'anonymous-users', [read])
    expect(may(world, other, 'read', world.addPage(space, 'Page'))).toBe(true)
  })
})

describe('access classes', () => {
  const people = { licensed: true, admin: true, unlicensed: true, anonymous: true }
  const cases: readonly { readonly accessClass: AccessClass; readonly lets: typeof people }[] = [
    { accessClass: 'anonymous-users', lets: people },
    { accessClass: 'authenticated-users', lets: { ...people, anonymous: false } },
    // To administer the product is no licence to use it.
    {
      accessClass: 'all-licensed-users',
      lets: { licensed: true, admin: false, unlicensed: false, anonymous: false },
    },
    {
      accessClass: 'all-product-admins',
      lets: { licensed: false, admin: true, unlicensed: false, anonymous: false },
    },
    {
      accessClass: 'jsm-project-admins',
      lets: { licensed: false, admin: false, unlicensed: false, anonymous: false },
    },
  ]
  it.each(cases)('$accessClass', ({ accessClass, lets }) => {
    const { world, space } = site({ anonymousAccess: true })
    world.grant(space, accessClass, [read])
    const page = world.addPage(space, 'Page')
    const admin = world.addUser('Admin', { licensed: false })
    world.addGroup('admins', [admin], 'admin')
    const seen = {
      licensed: may(world, world.addUser('Licensed'), 'read', page),
      admin: may(world, admin, 'read', page),
      unlicensed: may(world, world.addUser('Unlicensed', { licensed: false }), 'read', page),
      anonymous: may(world, undefined, 'read', page),
    }
    expect(seen).toEqual(lets)
  })
})

describe('roles', () => {
  it.each([
    ['PRE_ROLES', false],
    ['ROLES_TRANSITION', true],
    ['ROLES', true],
  ] as const)('on a site in mode %s count: %s', (roleMode, counts) => {
    const { world, space, insider, other } = site({ roleMode })
    const editors = world.addRole('Editors', [read, createPage])
    world.assignRole(space, world.addGroup('team', [other]), editors)
    const page = world.addPage(space, 'Page')
    expect(may(world, other, 'update', page)).toBe(counts)
    expect(may(world, other, 'delete', page)).toBe(false)
    expect(may(world, insider, 'delete', page)).toBe(true)
  })
})

it('knows who administers the product', () => {
  const { world, insider, other } = site()
  world.addGroup('admins', [insider], 'admin')
  expect(viewerOf(world, insider).isAdmin).toBe(true)
  expect(viewerOf(world, other).isAdmin).toBe(false)
  expect(viewerOf(world, undefined).isAdmin).toBe(false)
})
