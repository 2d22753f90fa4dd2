import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConnectors } from '../../src/platform/connectors.ts'
import { createExplorer } from '../../src/platform/explorer.ts'
import type { Config, Explorer, NewNode } from '../../src/platform/platform.ts'
import { createSecretBox, newSecretKey } from '../../src/platform/secret-box.ts'
import { createUrlGuard } from '../../src/platform/url-guard.ts'
import { type Sandbox, sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { newPath } from '../store/folders.ts'

const signal = AbortSignal.timeout(60_000)
const world = sampleWorld()

let store: Store
beforeAll(async () => {
  store = await openStore({ stateDir: await newPath() })
})
afterAll(() => store.close())

describe.each(['cloud', 'data-center'] as const)('a source on %s', (flavour) => {
  let sandbox: Sandbox
  let explorer: Explorer
  let sourceId: string
  /** Of the page "Welcome". */
  let address: string
  let make: (config: Config) => Promise<string>

  beforeAll(async () => {
    sandbox = await startSandbox({ world, flavour })
    const guard = createUrlGuard({ allowPrivate: true })
    const connectors = createConnectors({
      ...{ store, guard, queue: { send: async () => undefined, pending: async () => [] } },
      secrets: createSecretBox([newSecretKey()]),
    })
    explorer = createExplorer({ connectors, context: { lookup: guard.lookup } })
    make = async (config) =>
      (await connectors.create('acme', 'source', { name: 'Wiki', type: 'confluence', config })).id
    const { username, api_token, token } = sandbox.credentials
    const signIn = flavour === 'cloud' ? { username, token: api_token, cloud: true } : { token, cloud: false }
    sourceId = await make({ url: sandbox.url, ...signIn })
    address = (await explorer.browse('acme', sourceId, 'space:HANDBOOK'))[0]!.id
  })
  afterAll(() => sandbox.close())

  it('is looked around in, from its spaces down', async () => {
    const spaces = await explorer.browse('acme', sourceId)
    expect(spaces.map(({ id }) => id)).toContain('space:HANDBOOK')
    const [home] = await explorer.browse('acme', sourceId, 'space:HANDBOOK')
    expect(home).toMatchObject({ kind: 'page', title: 'Welcome', hasChildren: true })
    expect((await explorer.browse('acme', sourceId, home!.id)).length).toBeGreaterThan(1)
  })

  it('gives names to the ids of permissions', async () => {
    const [user, group] = [world.users[0]!, world.groups[0]!]
    const ids = flavour === 'cloud' ? [user.accountId, group.id] : [user.userKey, group.name]
    expect(await explorer.identities('acme', sourceId, [...ids, 'nobody'])).toEqual([
      { id: ids[0], kind: 'user', name: expect.any(String) },
      { id: ids[1], kind: 'group', name: group.name },
      { id: 'nobody', kind: 'user' },
    ])
    const many = Array.from({ length: 101 }, (_, index) => `id-${index}`)
    await expect(explorer.identities('acme', sourceId, many)).rejects.toMatchObject({
      kind: 'config',
      code: 'connector.too_many_ids',
    })
  })

  it('shows what would come of a page, with the usual steps or others', async () => {
    const preview = (nodes?: readonly NewNode[]) =>
      explorer.preview('acme', { sourceId, address, ...(nodes && { nodes }) }, signal)
    const { document, elements } = await preview()
    expect(document).toMatchObject({ kind: 'page', title: 'Welcome', space: 'HANDBOOK' })
    expect(elements.length).toBeGreaterThan(3)
    expect(elements[0]!.metadata.data_source?.permissions_data).toBeDefined()
    const settings = { strategy: 'fast', exclude_elements: ['Title'] }
    const fewer = await preview([{ name: 'P', type: 'partition', subtype: 'unstructured_api', settings }])
    expect(fewer.elements.map(({ type }) => type)).not.toContain('Title')
    expect(fewer.elements.length).toBeLessThan(elements.length)
    await expect(
      preview([{ name: 'P', type: 'partition', subtype: 'no_such_thing', settings: {} }]),
    ).rejects.toMatchObject({ kind: 'config' })
  })

  it('has no page that is not there', async () => {
    const missing = explorer.preview('acme', { sourceId, address: '999999999' }, signal)
    await expect(missing).rejects.toMatchObject({ kind: 'missing' })
  })

  it('is not there for another workspace', async () => {
    for (const ask of [
      () => explorer.browse('other', sourceId),
      () => explorer.identities('other', sourceId, ['x']),
      () => explorer.preview('other', { sourceId, address }, signal),
    ])
      await expect(ask()).rejects.toMatchObject({ kind: 'missing', code: 'connector.not_found' })
  })

  it('that takes no notice of its credential says so', async () => {
    const signIn = flavour === 'cloud' ? { username: 'nobody@acme.com', cloud: true } : { cloud: false }
    const wrong = await make({ url: sandbox.url, token: 'wrong-token-1', ...signIn })
    const thrown: unknown = await explorer.browse('acme', wrong).catch((reason: unknown) => reason)
    expect(thrown).toMatchObject({ kind: 'credentials' })
    expect(String(thrown)).not.toContain('wrong-token-1')
  })
})
