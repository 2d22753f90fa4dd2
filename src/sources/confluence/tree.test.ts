import { describe, expect, it } from 'vitest'
import { unrestricted } from './restrictions.ts'
import { accessPath, createTree, lost, type TreeNode } from './tree.ts'

const node = (id: string, parent?: string, more: Partial<TreeNode> = {}): TreeNode => ({
  id,
  type: 'page',
  title: `Page ${id}`,
  version: 1,
  parent: parent === undefined ? undefined : { id: parent, type: 'page' },
  position: undefined,
  labels: [],
  read: unrestricted,
  update: unrestricted,
  parentUnknown: false,
  ...more,
})

function treeOf(...nodes: readonly TreeNode[]) {
  const tree = createTree()
  for (const each of nodes) tree.add(each)
  return tree
}

const space = { key: 'HR', name: 'People', grants: [] }
const onlyAmy = { users: ['amy'], groups: [] }

describe('a tree', () => {
  it('knows the way from the root, in whichever order its nodes came', () => {
    const low = node('1', '2')
    const tree = treeOf(low, node('2', '3'), node('3'))
    const way = tree.way(low)
    expect(way.known && way.nodes.map(({ id }) => id)).toEqual(['3', '2', '1'])
  })

  it('names what is missing on the way', () => {
    const low = node('1', '2')
    expect(treeOf(low, node('2', '3')).way(low)).toEqual({ known: false, missing: { id: '3', type: 'page' } })
  })

  it('lets nobody into a tree that bites its own tail', () => {
    const low = node('1', '2')
    const way = treeOf(low, node('2', '1')).way(low)
    expect(way.known).toBe(true)
    if (way.known) expect(accessPath(space, way.nodes).ancestors[0]?.read).toBeUndefined()
  })

  it('shows children by position, then by title', () => {
    const tree = treeOf(
      node('1'),
      node('4', '1', { title: 'B' }),
      node('3', '1', { title: 'A' }),
      node('2', '1', { position: 7 }),
    )
    expect(tree.children('1').map(({ id }) => id)).toEqual(['2', '3', '4'])
  })
})

describe('an access path', () => {
  it('names the nodes that restrict, and leaves out those that do not', () => {
    const path = accessPath(space, [
      node('3'),
      node('2', '3', { read: onlyAmy, type: 'folder' }),
      node('1', '2'),
    ])
    expect(path.ancestors).toEqual([{ from: 'folder "Page 2" (2)', read: onlyAmy }])
    expect(path.own).toEqual({ from: 'page "Page 1" (1)', read: unrestricted, update: unrestricted })
  })

  it('is not known where a node above could not be read', () => {
    const path = accessPath(space, [lost({ id: '9', type: 'folder' }), node('1', '9')])
    expect(path.ancestors).toEqual([{ from: 'folder 9', read: undefined }])
  })

  it('is not known where the site could not say what is above', () => {
    const [layer] = accessPath(space, [node('1', undefined, { parentUnknown: true })]).ancestors
    expect(layer).toEqual({ from: 'whatever is above page "Page 1" (1)', read: undefined })
  })
})
