/**
 * Keys of the API: made, listed, revoked, and recognised when somebody calls.
 *
 * @module
 */

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { OutflowError } from '../model/errors.ts'
import type { Store } from '../store/index.ts'
import type { KeyRow } from '../store/keys.ts'
import { type Caller, type Key, type Keys, type NewKey, type Scope, scopes } from './platform.ts'

/** The workspace of whoever names none. */
export const defaultWorkspace = 'default'

const prefix = 'ofk_'
/** 256 bits; nobody guesses one, so a fast hash is enough. */
const form = /^ofk_[\w-]{43}$/
const hintLength = 8

/** Milliseconds that a key counts as recognised, and so the longest that a key outlives its revocation by another process. */
const remembered = 2000

/** Milliseconds between two notes that a key is in use. */
const noteEvery = 60_000

export function createKeys({ store }: { readonly store: Pick<Store, 'records' | 'transaction'> }): Keys {
  const { keys } = store.records
  const recognised = new Map<string, { readonly key: KeyRow; readonly until: number }>()

  async function find(hash: string): Promise<KeyRow | undefined> {
    const held = recognised.get(hash)
    if (held && held.until > Date.now()) return held.key
    recognised.delete(hash)
    const key = await keys.byHash(hash)
    if (!key || problemOf(key)) return key
    recognised.set(hash, { key, until: Date.now() + remembered })
    if (Date.now() - (key.lastUsedAt?.getTime() ?? 0) > noteEvery) await keys.used(key.id)
    return key
  }

  return {
    async create({ name, workspace = defaultWorkspace, scopes: wanted = scopes, expiresAt }: NewKey) {
      refuseUnusable({ name, workspace, scopes: wanted, expiresAt })
      const secret = prefix + randomBytes(32).toString('base64url')
      const row = await store.transaction(async (records) => {
        await records.workspaces.ensure(workspace)
        return records.keys.add({
          id: randomUUID(),
          workspace,
          name: name.trim(),
          hash: hashOf(secret),
          hint: secret.slice(0, hintLength),
          scopes: scopes.filter((scope) => wanted.includes(scope)),
          ...(expiresAt && { expiresAt }),
        })
      })
      return { key: keyOf(row), secret }
    },
    list: async (workspace) => (await keys.list(workspace)).map(keyOf),
    async revoke(id) {
      const row = await keys.revoke(id)
      if (!row) throw notFound(id)
      for (const [hash, { key }] of recognised) if (key.id === id) recognised.delete(hash)
      return keyOf(row)
    },
    async identify(secret): Promise<Caller> {
      if (secret === undefined || secret === '') throw missing()
      if (!form.test(secret)) throw malformed()
      const key = await find(hashOf(secret))
      if (!key) throw unknown()
      const problem = problemOf(key)
      if (problem) throw problem
      return { workspace: key.workspace, keyId: key.id, scopes: scopesOf(key) }
    },
  }
}

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex')

const scopesOf = (row: KeyRow): readonly Scope[] => scopes.filter((scope) => row.scopes.includes(scope))

const keyOf = (row: KeyRow): Key => ({ ...row, scopes: scopesOf(row) })

/** Why it opens nothing any more. */
function problemOf({ revokedAt, expiresAt }: KeyRow): OutflowError | undefined {
  if (revokedAt) return refused('key.revoked', `This API key was revoked on ${day(revokedAt)}.`)
  if (expiresAt && expiresAt.getTime() <= Date.now())
    return refused('key.expired', `This API key expired on ${day(expiresAt)}.`)
  return undefined
}

const day = (at: Date) => at.toISOString().slice(0, 10)

/** As they may stand in a folder's name and in an address. */
const workspaceForm = /^[a-z0-9](?:-?[a-z0-9])*$/
const longestWorkspace = 63
const longestName = 200

/** @throws {OutflowError} `config`: no such key can be made */
function refuseUnusable({ name, workspace, scopes: wanted, expiresAt }: Unchecked): void {
  if (name.trim() === '' || name.length > longestName)
    throw unusable('key.invalid', `A key needs a name, of at most ${longestName} characters.`)
  if (!workspaceForm.test(workspace) || workspace.length > longestWorkspace)
    throw unusable(
      'workspace.invalid',
      `No workspace can be called "${workspace}": its name is lower-case letters, digits and single hyphens, at most ${longestWorkspace}.`,
    )
  const other = wanted.find((scope) => !scopes.includes(scope))
  if (other !== undefined || wanted.length === 0)
    throw unusable(
      'key.invalid',
      `A key’s scopes are of ${scopes.join(', ')}; each includes those before it.`,
    )
  if (expiresAt && !(expiresAt.getTime() > Date.now()))
    throw unusable('key.invalid', 'A key expires in the future.')
}

interface Unchecked {
  readonly name: string
  readonly workspace: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: Date | undefined
}

function unusable(code: 'key.invalid' | 'workspace.invalid', message: string): OutflowError {
  return new OutflowError({ kind: 'config', code, message, fix: 'Correct it and make the key again.' })
}

function notFound(id: string): OutflowError {
  return new OutflowError({
    kind: 'missing',
    code: 'key.not_found',
    message: `There is no key ${id}.`,
    fix: '"outflow keys list" tells the ids of all keys.',
  })
}

function missing(): OutflowError {
  return refused('key.missing', 'API key is missing, please provide an API key in the header.')
}

function malformed(): OutflowError {
  return refused('key.malformed', 'API key is malformed, please type the API key correctly in the header.')
}

function unknown(): OutflowError {
  return refused('key.unknown', 'This API key is not known here.')
}

type Refusal = 'key.missing' | 'key.malformed' | 'key.unknown' | 'key.expired' | 'key.revoked'

function refused(code: Refusal, message: string): OutflowError {
  return new OutflowError({
    kind: 'credentials',
    code,
    message,
    fix: 'Send a key in the header unstructured-api-key; "outflow keys create" makes one.',
  })
}
