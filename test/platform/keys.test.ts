import { beforeAll, describe, expect, it } from 'vitest'
import { createKeys } from '../../src/platform/keys.ts'
import type { Store } from '../../src/store/index.ts'
import { outflow } from '../cli/outflow.ts'
import { newPath } from '../store/folders.ts'
import { onBothDatabases, postgresServer } from './stores.ts'

const server = await postgresServer()

onBothDatabases((newStore) => {
  let store: Store
  beforeAll(async () => {
    store = await newStore()
  })

  it('makes a key that says who calls, and keeps only its hash', async () => {
    const keys = createKeys({ store })
    const { key, secret } = await keys.create({ name: 'CI', workspace: 'acme', scopes: ['read', 'run'] })
    expect(secret).toMatch(/^ofk_[\w-]{43}$/)
    expect(key).toMatchObject({ workspace: 'acme', name: 'CI', hint: secret.slice(0, 8) })
    expect(await keys.identify(secret)).toEqual({
      workspace: 'acme',
      keyId: key.id,
      scopes: ['read', 'run'],
    })
    const { rows } = await store.records.tables
      .withSchema('outflow')
      .selectFrom('keys')
      .selectAll()
      .execute()
      .then((found) => ({ rows: JSON.stringify(found) }))
    expect(rows).not.toContain(secret.slice(8))
  })

  it('makes keys of the default workspace, with all scopes', async () => {
    const keys = createKeys({ store })
    const { key, secret } = await keys.create({ name: 'mine' })
    expect(key).toMatchObject({ workspace: 'default', scopes: ['read', 'run', 'manage'] })
    expect(await createKeys({ store }).identify(secret)).toMatchObject({ workspace: 'default' })
  })

  it.each([
    [undefined, 'key.missing', 'API key is missing, please provide an API key in the header.'],
    ['', 'key.missing', 'API key is missing, please provide an API key in the header.'],
    ['abc', 'key.malformed', 'API key is malformed, please type the API key correctly in the header.'],
    [`ofk_${'a'.repeat(42)}\0`, 'key.malformed', expect.any(String)],
    [`ofk_${'a'.repeat(43)}`, 'key.unknown', expect.any(String)],
  ])('takes %j for no key', async (secret, code, message) => {
    await expect(createKeys({ store }).identify(secret)).rejects.toMatchObject({
      kind: 'credentials',
      code,
      message,
    })
  })

  it('takes no key that has expired', async () => {
    const keys = createKeys({ store })
    const expiresAt = new Date(Date.now() + 3000)
    const { secret } = await keys.create({ name: 'short', expiresAt })
    await keys.identify(secret)
    await new Promise((resolve) => setTimeout(resolve, expiresAt.getTime() - Date.now() + 50))
    await expect(keys.identify(secret)).rejects.toMatchObject({ code: 'key.expired' })
  })

  it('takes no key that was revoked: at once here, in seconds elsewhere', async () => {
    const [here, elsewhere] = [createKeys({ store }), createKeys({ store })]
    const { key, secret } = await here.create({ name: 'gone' })
    await Promise.all([here.identify(secret), elsewhere.identify(secret)])
    const revoked = await here.revoke(key.id)
    expect(revoked.revokedAt).toBeInstanceOf(Date)
    await expect(here.identify(secret)).rejects.toMatchObject({ code: 'key.revoked' })
    await expect
      .poll(() => elsewhere.identify(secret).catch(({ code }) => code), { timeout: 5000 })
      .toBe('key.revoked')
    expect(await here.revoke(key.id)).toEqual(revoked)
  })

  it('notes when a key was used, once a minute at most', async () => {
    const keys = createKeys({ store })
    const { key, secret } = await keys.create({ name: 'used', workspace: 'noted' })
    expect(key.lastUsedAt).toBeUndefined()
    await keys.identify(secret)
    const [first] = await keys.list('noted')
    expect(first!.lastUsedAt).toBeInstanceOf(Date)
    await createKeys({ store }).identify(secret)
    expect(await keys.list('noted')).toEqual([first])
  })

  it('lists the keys of one workspace, or all', async () => {
    const keys = createKeys({ store })
    const { key } = await keys.create({ name: 'one', workspace: 'listed' })
    expect(await keys.list('listed')).toEqual([key])
    expect((await keys.list()).map(({ id }) => id)).toContain(key.id)
    expect(await keys.list('list\0ed')).toEqual([])
  })

  it.each([
    [{ name: ' ' }, 'key.invalid'],
    [{ name: 'x', workspace: '../etc' }, 'workspace.invalid'],
    [{ name: 'x', workspace: '' }, 'workspace.invalid'],
    [{ name: 'x', scopes: [] }, 'key.invalid'],
    [{ name: 'x', expiresAt: new Date(0) }, 'key.invalid'],
    [{ name: 'x', expiresAt: new Date(Number.NaN) }, 'key.invalid'],
  ])('makes none of %j', async (wanted, code) => {
    await expect(createKeys({ store }).create(wanted)).rejects.toMatchObject({ kind: 'config', code })
  })

  it('revokes no key that is not there', async () => {
    await expect(createKeys({ store }).revoke('nobody')).rejects.toMatchObject({
      kind: 'missing',
      code: 'key.not_found',
    })
  })
}, server)

describe('outflow keys', () => {
  it('creates, lists and revokes', async () => {
    const state = await newPath()
    const run = (...args: string[]) => outflow(['keys', ...args, '--state', state])
    const created = await run('create', '--name', 'CI', '--scope', 'run', '--expires', '30d')
    expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ofk_[\w-]{43}\n$/) })
    const listed = await run('list', '--json')
    const [key] = JSON.parse(listed.stdout)
    expect(key).toMatchObject({ name: 'CI', workspace: 'default', scopes: ['read', 'run'] })
    expect(listed.stdout + created.stderr).not.toContain(created.stdout.trim())
    expect(await run('revoke', key.id)).toMatchObject({ code: 0, stdout: '' })
    expect((await run('list')).stdout).toMatch(/CI .*revoked/)
    expect(await run('revoke', 'nobody')).toMatchObject({ code: 2 })
    expect(await run('create', '--expires', 'soon')).toMatchObject({ code: 2 })
  })

  it('makes no state only to look', async () => {
    expect(await outflow(['keys', 'list', '--state', await newPath()])).toMatchObject({ code: 2 })
  })
})
