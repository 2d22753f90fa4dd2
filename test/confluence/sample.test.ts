import { describe, expect, it } from 'vitest'
import { viewerOf } from '../../src/sandbox/access.ts'
import { dataCenterWorld } from '../../src/sandbox/data-center/world.ts'
import { sampleWorld } from '../../src/sandbox/index.ts'
import type { World, WorldNode } from '../../src/sandbox/world.ts'
import { audit, spellings } from '../permissions/audit.ts'
import { type Flavour, walk } from './walking.ts'

const sites: readonly (readonly [flavour: Flavour, version: string])[] = [
  ['cloud', ''],
  ['data-center', '10.0.3'],
  ['data-center', '9.3'],
  ['data-center', '8.9'],
  ['data-center', '7.13'],
  ['data-center', '7.4'],
]

/** Pages and posts that the crawling account may read, from the world itself. */
function visible(world: World): WorldNode[] {
  const viewer = viewerOf(world, world.crawler)
  return world.spaces
    .filter(({ status }) => status === 'current')
    .flatMap(({ id }) => (['page', 'blogpost'] as const).map((type) => world.list(id, type)))
    .flatMap((list) => Array.from({ length: list.length }, (_, index) => list.at(index)))
    .filter((node) => node.status === 'current' && viewer.may('read', node))
}

function ancestorsOf(world: World, { parentId }: WorldNode): string[] {
  const parent = parentId === undefined ? undefined : world.node(parentId)
  return parent ? [...ancestorsOf(world, parent), parent.title] : []
}

describe.each(sites)('the sample wiki on %s %s', (flavour, version) => {
  it('is walked completely: every page and post once, its ancestors, its labels, its exact permissions', async () => {
    const world = sampleWorld({ flavour })
    const truth = flavour === 'cloud' ? world : dataCenterWorld(world)
    const options = version === '' ? {} : { version }
    const settings = { comments: 'none' } as const
    const { documents, listed, error } = await walk({ world, flavour, settings, ...options })
    expect(error).toBeUndefined()
    expect(listed.filter(({ type }) => type !== 'document')).toEqual([])

    const expected = visible(truth)
    expect(expected.length).toBeGreaterThan(50)
    expect(documents.map(({ recordLocator }) => recordLocator.document_id!).sort()).toEqual(
      expected.map(({ id }) => id).sort(),
    )
    for (const document of documents) {
      const node = truth.node(document.recordLocator.document_id!)!
      expect(document.ancestors, document.title).toEqual(ancestorsOf(truth, node))
      expect([...document.labels].sort(), document.title).toEqual([...node.labels].sort())
      expect(document.version).toBe(String(node.version.number))
      expect(document.permissions.status, document.permissions.reason).toBe('complete')
    }
    const emitted = documents.map(({ recordLocator, permissions }) => ({
      id: recordLocator.document_id!,
      permissions,
    }))
    expect(audit(truth, emitted, spellings[flavour]).wrong).toEqual([])
  })

  it('gives every document its content, its web address and a path of its own', async () => {
    const { documents, contents } = await walk({
      world: sampleWorld({ flavour }),
      flavour,
      read: true,
      ...(version === '' ? {} : { version }),
    })
    expect(contents.size).toBeGreaterThan(50)
    expect(new Set(documents.map(({ path }) => path)).size).toBe(documents.length)
    expect(new Set(documents.map(({ id }) => id)).size).toBe(documents.length)
    for (const { url, path, filename } of documents) {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/.+/)
      expect(path).toMatch(/^[\w~.-]+\/\d+(-comments-\d+)?\.html$/)
      expect(filename).toMatch(/^\d+(-comments-\d+)?\.html$/)
    }
  })
})
