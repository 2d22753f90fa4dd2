import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Source } from '../../src/model/contracts.ts'
import { type Sandbox, sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import confluence from '../../src/sources/confluence/index.ts'

const context = { signal: new AbortController().signal }

describe.each(['cloud', 'data-center'] as const)('looking around on %s', (flavour) => {
  const world = sampleWorld()
  let sandbox: Sandbox
  let source: Source

  beforeAll(async () => {
    sandbox = await startSandbox({ world, flavour })
    const { username, api_token, token } = sandbox.credentials
    const signIn = flavour === 'cloud' ? { username, api_token } : { token }
    source = confluence({ url: sandbox.url, ...signIn })
  })
  afterAll(async () => {
    await source.close()
    await sandbox.close()
  })

  it('begins with the spaces that the account sees', async () => {
    const places = await source.browse!(undefined, context)
    expect(places.map(({ id }) => id)).toEqual(expect.arrayContaining(['space:HANDBOOK', 'space:ENG']))
    expect(places.every(({ kind, hasChildren }) => kind === 'space' && hasChildren)).toBe(true)
  })

  it('goes down from a space to its pages, and from a page to those below it', async () => {
    const [home] = await source.browse!('space:HANDBOOK', context)
    expect(home).toMatchObject({ kind: 'page', title: 'Welcome', hasChildren: true })
    const below = await source.browse!(home!.id, context)
    expect(below.length).toBeGreaterThan(3)
    const leaf = below.find(({ hasChildren }) => !hasChildren)!
    expect(await source.browse!(leaf.id, context)).toEqual([])
  })

  it.each(['space:NOWHERE', '999999999'])('says so when there is no %s', async (place) => {
    await expect(source.browse!(place, context)).rejects.toMatchObject({ kind: 'missing' })
  })

  it('names people and groups, in the order of the ids, and leaves out who is nobody', async () => {
    const [user, group] = [world.users[0]!, world.groups[0]!]
    const ids =
      flavour === 'cloud'
        ? [group.id, user.accountId, 'nobody-at-all']
        : [group.name, user.userKey, 'nobody-at-all']
    expect(await source.identities!(ids, context)).toEqual([
      { id: ids[0], kind: 'group', name: group.name },
      { id: ids[1], kind: 'user', name: expect.any(String) },
      { id: 'nobody-at-all', kind: 'user' },
    ])
  })
})
