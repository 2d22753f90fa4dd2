import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSecretBox, newSecretKey, parseSecretKeys, sealContext } from '../../src/platform/secret-box.ts'
import { openSecrets, rotateSecrets } from '../../src/platform/secrets.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { newPath } from '../store/folders.ts'
import { onBothDatabases, postgresServer } from './stores.ts'

const server = await postgresServer()

const [one, other] = [newSecretKey(), newSecretKey()]
const text = (...keys: readonly Uint8Array[]) =>
  keys.map((key) => Buffer.from(key).toString('base64')).join(',')

describe('a secret box', () => {
  it('opens what it sealed, in the same row alone', () => {
    const box = createSecretBox([one])
    const sealed = box.seal('geheim: äöü', sealContext('connectors', '1'))
    expect(box.open(sealed, 'connectors/1')).toBe('geheim: äöü')
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('geheim')
    expect(() => box.open(sealed, 'connectors/2')).toThrow(
      expect.objectContaining({ code: 'secrets.damaged' }),
    )
  })

  it('seals the same text differently each time', () => {
    const box = createSecretBox([one])
    expect(box.seal('x', 'y')).not.toEqual(box.seal('x', 'y'))
  })

  it('notices each changed bit', () => {
    const box = createSecretBox([one])
    const sealed = box.seal('secret', 'row')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Uint8Array.from(sealed)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => box.open(changed, 'row')).toThrow(/sealed/)
    }
    for (const length of [0, 1, 9, 20, 36])
      expect(() => box.open(sealed.subarray(0, length), 'row')).toThrow()
  })

  it('seals with its first key, opens with all, and says when it has none', () => {
    const old = createSecretBox([one])
    const both = createSecretBox([other, one])
    expect(both.open(old.seal('x', 'row'), 'row')).toBe('x')
    expect(() => old.open(both.seal('x', 'row'), 'row')).toThrow(
      expect.objectContaining({ kind: 'config', code: 'secrets.key_unknown' }),
    )
  })
})

describe('OUTFLOW_SECRET_KEY', () => {
  it('is base64, also of URLs, or hex; one key or several', () => {
    const bytes = randomBytes(32)
    for (const form of ['base64', 'base64url', 'hex'] as const)
      expect(parseSecretKeys(` ${bytes.toString(form)} `)).toEqual([new Uint8Array(bytes)])
    expect(parseSecretKeys(`${text(one)}, ${text(other)},`)).toEqual([one, other])
  })

  it.each([
    '',
    ',',
    'tooshort',
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('hex'),
    'é'.repeat(43),
  ])('is not %j, and the error does not tell it', (given) => {
    const thrown = (() => {
      try {
        return parseSecretKeys(given)
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toMatchObject({ kind: 'config', code: 'secrets.key_unusable' })
    if (given.length > 1) expect(inspect(thrown)).not.toContain(given)
  })
})

onBothDatabases((newStore) => {
  const contextOf = (id: string) => sealContext('connectors', id)

  async function addConnector(store: Store, id: string, secrets: Uint8Array) {
    const connector = { id, workspace: 'default', role: 'source', name: id, type: 'x', config: {} } as const
    await store.records.connectors.add({ ...connector, secrets })
  }

  const open = (store: Store, ...keys: readonly Uint8Array[]) =>
    openSecrets({ store, environment: { OUTFLOW_SECRET_KEY: text(...keys) }, stateDir: undefined })

  it('are refused with another key when the server starts, not when a secret is needed', async () => {
    const store = await newStore()
    await open(store, one)
    await open(store, one)
    await expect(open(store, other)).rejects.toMatchObject({ kind: 'config', code: 'secrets.key_unknown' })
    await open(store, other, one)
    // The new one has sealed something by now.
    await expect(open(store, one)).rejects.toMatchObject({ code: 'secrets.key_unknown' })
  })

  it('are all sealed anew, and then the old key is not needed', async () => {
    const store = await newStore()
    const old = await open(store, one)
    for (const id of ['a', 'b']) await addConnector(store, id, old.seal(`secret of ${id}`, contextOf(id)))
    await store.records.channels.add(
      {
        ...{ id: 'c', workspace: 'default', channelType: 'webhook', url: 'https://x.example' },
        ...{ eventTypes: [], enabled: true, secret: old.seal('secret of c', sealContext('channels', 'c')) },
      },
      10,
    )
    expect(await rotateSecrets(store, await open(store, other, one))).toBe(3)
    const box = await open(store, other)
    for (const id of ['a', 'b']) {
      const { secrets } = (await store.records.connectors.byId(id))!
      expect(box.open(secrets!, contextOf(id))).toBe(`secret of ${id}`)
    }
    const channel = await store.records.channels.find('c')
    expect(box.open(channel!.secret, sealContext('channels', 'c'))).toBe('secret of c')
    await expect(open(store, one)).rejects.toMatchObject({ code: 'secrets.key_unknown' })
  })

  it('stay as they are when one of them cannot be opened', async () => {
    const store = await newStore()
    const old = await open(store, one)
    await addConnector(store, 'a', old.seal('good', contextOf('a')))
    await addConnector(store, 'b', old.seal('of another row', contextOf('a')))
    await expect(rotateSecrets(store, await open(store, other, one))).rejects.toMatchObject({
      code: 'secrets.damaged',
    })
    expect(old.open((await store.records.connectors.byId('a'))!.secrets!, contextOf('a'))).toBe('good')
    await open(store, other, one)
  })
}, server)

describe('without OUTFLOW_SECRET_KEY', () => {
  let stateDir: string
  let store: Store
  beforeAll(async () => {
    stateDir = await newPath()
    store = await openStore({ stateDir })
  })
  afterAll(() => store.close())
  const open = (environment = {}) => openSecrets({ store, environment, stateDir })

  it('a key is made in the state folder, once, closed to others', async () => {
    const boxes = await Promise.all([open(), open(), open()])
    expect(new Set(boxes.map(({ keyId }) => keyId)).size).toBe(1)
    const { mode } = await stat(join(stateDir, 'secret.key'))
    expect(mode & 0o777).toBe(0o600)
    expect((await readdir(stateDir)).filter((name) => name.includes('secret'))).toEqual(['secret.key'])
  })

  it('the file opens what it sealed also when a key is given', async () => {
    const sealed = (await open()).seal('x', 'row')
    const box = await open({ OUTFLOW_SECRET_KEY: text(one) })
    expect(box.open(sealed, 'row')).toBe('x')
  })

  it('no other key is made when the file is lost', async () => {
    await rm(join(stateDir, 'secret.key'))
    await expect(open()).rejects.toMatchObject({ code: 'secrets.key_unknown' })
    expect(await readdir(stateDir)).not.toContain('secret.key')
  })

  it('a database server is not used', async () => {
    await expect(openSecrets({ store, environment: {}, stateDir: undefined })).rejects.toMatchObject({
      kind: 'config',
      code: 'secrets.key_missing',
      fix: expect.stringContaining('openssl rand -base64 32'),
    })
  })
})
