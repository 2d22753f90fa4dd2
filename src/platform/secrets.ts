/**
 * The keys of the secrets: where they come from, whether they fit what is stored, and how all of it is sealed anew with another one.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { OutflowError } from '../model/errors.ts'
import type { Store } from '../store/index.ts'
import {
  createSecretBox,
  keyUnknown,
  newSecretKey,
  parseSecretKeys,
  type SecretBox,
  type SecretKey,
  sealContext,
} from './secret-box.ts'
import type { Environment } from './settings.ts'

export interface SecretsOptions {
  readonly store: Pick<Store, 'records'>
  /** `OUTFLOW_SECRET_KEY`: one key or several, the first of which seals. */
  readonly environment: Environment
  /** Of an embedded database: a key is made there when none is given. `undefined`: a database server, whose servers share a key. */
  readonly stateDir: string | undefined
}

/** In the state folder. */
const fileName = 'secret.key'

/** What is sealed with each key, to find out whether another one is the same. */
const known = 'outflow'
const contextOf = (keyId: string) => `secret_keys/${keyId}`

/**
 * Opens the box for the secrets of a store, and leaves a trace of its key there.
 *
 * @throws {OutflowError} `config`: codes `secrets.key_missing`, `secrets.key_unusable`, and `secrets.key_unknown` when something is stored that it
 *   could not open
 */
export async function openSecrets({ store, environment, stateDir }: SecretsOptions): Promise<SecretBox> {
  const { seals } = store.records
  const traces = await seals.traces()
  const box = createSecretBox(await keysOf({ environment, stateDir, fresh: traces.length === 0 }))
  for (const { keyId, sealed } of traces) {
    if (!box.knows(keyId)) throw keyUnknown()
    box.open(sealed, contextOf(keyId))
  }
  if (!traces.some(({ keyId }) => keyId === box.keyId))
    await seals.addTrace({ keyId: box.keyId, sealed: box.seal(known, contextOf(box.keyId)) })
  return box
}

/**
 * Seals every secret with the box's first key, all of them or none; the others are not needed from then on.
 *
 * @returns how many were sealed anew
 */
export function rotateSecrets(store: Pick<Store, 'transaction'>, box: SecretBox): Promise<number> {
  return store.transaction(async ({ seals }) => {
    const values = await seals.hold()
    for (const value of values) {
      const context = sealContext(value.table, value.id)
      await seals.replace({ ...value, sealed: box.seal(box.open(value.sealed, context), context) })
    }
    await seals.keepTrace(box.keyId)
    return values.length
  })
}

interface KeyPlaces {
  readonly environment: Environment
  readonly stateDir: string | undefined
  /** Whether nothing was ever sealed: only then a key may be made. */
  readonly fresh: boolean
}

async function keysOf({ environment, stateDir, fresh }: KeyPlaces): Promise<readonly SecretKey[]> {
  const given = environment.OUTFLOW_SECRET_KEY
  const ofEnvironment = given ? parseSecretKeys(given) : []
  if (stateDir === undefined) {
    if (ofEnvironment.length === 0) throw keyMissing()
    return ofEnvironment
  }
  const path = join(stateDir, fileName)
  const ofFile = await readKey(path)
  if (ofFile.length > 0 || ofEnvironment.length > 0) return [...ofEnvironment, ...ofFile]
  if (!fresh) throw keyUnknown()
  await makeKey(stateDir, path)
  return readKey(path)
}

async function readKey(path: string): Promise<readonly SecretKey[]> {
  const text = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return undefined
    throw unreadable(path, thrown)
  })
  return text === undefined ? [] : parseSecretKeys(text)
}

/** Put in place whole, once: whoever comes second finds the first one's. */
async function makeKey(folder: string, path: string): Promise<void> {
  const draft = join(folder, `${fileName}.${randomUUID()}`)
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(`${Buffer.from(newSecretKey()).toString('base64')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await putInPlace(draft, path)
    await syncFolder(folder)
  } catch (thrown) {
    throw unreadable(path, thrown)
  } finally {
    await rm(draft, { force: true })
  }
}

async function putInPlace(draft: string, path: string): Promise<void> {
  await link(draft, path).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'EEXIST') return undefined
    // Not every file system has links. Whoever is here has the state folder to itself.
    return rename(draft, path)
  })
}

/** What is sealed with a key must not outlive the key's name in a power cut. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

function keyMissing(): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'secrets.key_missing',
    message:
      'With DATABASE_URL, the key that secrets are sealed with has to be given: every server and worker needs the same.',
    fix: 'Make one with "openssl rand -base64 32", keep it, and set OUTFLOW_SECRET_KEY to it everywhere.',
  })
}

function unreadable(path: string, cause: unknown): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'secrets.key_unusable',
    message: `The key file ${path} cannot be read or made.`,
    fix: 'Give this user the right to read and write there, or set OUTFLOW_SECRET_KEY.',
    cause,
  })
}
