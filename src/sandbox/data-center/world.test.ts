import { describe, expect, it } from 'vitest'
import { viewerOf } from '../access.ts'
import { memoryWorld } from '../memory-world.ts'
import { EDIT, VIEW } from '../principals.ts'
import { dataCenterWorld } from './world.ts'

describe('a world as Data Center can hold it', () => {
  it('has no containers but pages: what hangs on them hangs on the page above, in the order of the tree', () => {
    const world = memoryWorld()
    const space = world.addSpace('A', 'A')
    const home = world.addPage(space, 'Home')
    const outer = world.addFolder(home, 'Outer')
    const board = world.addNode('whiteboard', outer, 'Board')
    const deep = world.addPage(board, 'Deep')
    const later = world.addPage(home, 'Later')
    const rootFolder = world.addFolder(space, 'At the root')
    const root = world.addPage(rootFolder, 'Root after all')
    const seen = dataCenterWorld(world)
    expect(seen.node(outer.id)).toBeUndefined()
    expect(seen.list(space.id, 'folder').length).toBe(0)
    expect(seen.node(deep.id)?.parentId).toBe(home.id)
    expect(seen.node(root.id)?.parentId).toBeUndefined()
    expect(seen.children(home.id).map(({ title }) => title)).toEqual(['Deep', 'Later'])
    expect(seen.node(later.id)).toBe(world.node(later.id))
  })

  it('shows changes of the world behind at once', () => {
    const world = memoryWorld()
    const space = world.addSpace('A', 'A')
    const folder = world.addFolder(space, 'Folder')
    const page = world.addPage(folder, 'Page')
    const seen = dataCenterWorld(world)
    const node = seen.node(page.id)
    world.rename(page, 'Renamed')
    world.anonymousAccess = true
    expect([node?.title, seen.anonymousAccess]).toEqual(['Renamed', true])
    world.grant(space, 'anonymous-users', VIEW)
    expect(seen.spaces[0]?.grants).toHaveLength(1)
  })

  it('grants to groups what roles and classes are granted elsewhere, but for anonymous visitors', () => {
    const world = memoryWorld({ roleMode: 'ROLES' })
    const admins = world.addGroup('admins', [], 'admin')
    const space = world.addSpace('A', 'A')
    const [licensed] = world.groups
    world.assignRole(space, 'all-licensed-users', world.addRole('Reader', VIEW))
    world.grant(space, 'all-product-admins', EDIT.slice(1, 2))
    world.grant(space, 'anonymous-users', VIEW)
    world.grant(space, 'jsm-project-admins', VIEW)
    const grants = dataCenterWorld(world).spaces[0]!.grants.map(
      ({ principal, operation }) => `${principal.id} ${operation.key} ${operation.targetType}`,
    )
    expect(grants.toSorted()).toEqual(
      [
        `${admins.id} create page`,
        'anonymous-users read space',
        `${licensed!.id} read space`,
        `${admins.id} read space`,
      ].toSorted(),
    )
    expect(dataCenterWorld(world).roleMode).toBe('PRE_ROLES')
  })

  it('is what decisions are made on: restrictions of folders do not exist, those of pages above them do', () => {
    const world = memoryWorld()
    const amy = world.addUser('Amy')
    const ben = world.addUser('Ben')
    const space = world.addSpace('A', 'A')
    world.grant(space, 'all-licensed-users', VIEW)
    const top = world.addPage(space, 'Top', { read: [amy] })
    const folder = world.addFolder(top, 'Folder', { read: [ben] })
    const page = world.addPage(folder, 'Page')
    const seen = dataCenterWorld(world)
    const reads = (user: typeof amy) => viewerOf(seen, user).may('read', seen.node(page.id)!)
    expect([reads(amy), reads(ben)]).toEqual([true, false])
  })
})
