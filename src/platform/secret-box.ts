/**
 * Secrets at rest: sealed with AES-256-GCM, each for the one row that it belongs to.
 *
 * A sealed secret is: a version (1 byte), the id of its key (8 bytes), a random nonce (12 bytes), the cipher text, a tag (16 bytes). What comes before
 * the cipher text, and the row, are authenticated with it.
 *
 * @module
 */

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { OutflowError } from '../model/errors.ts'
import type { SealedTable } from '../store/seals.ts'

/** 32 bytes. */
export type SecretKey = Uint8Array

export interface SecretBox {
  /** @param context the row that it is for; see `sealContext` */
  seal(text: string, context: string): Uint8Array
  /** @throws {OutflowError} codes `secrets.key_unknown`, `secrets.damaged` */
  open(sealed: Uint8Array, context: string): string
  /** Id of the key that seals. */
  readonly keyId: string
  /** Whether it can open what was sealed with a key. */
  knows(keyId: string): boolean
}

/** What a secret of a row is sealed for, so that it opens in no other row. */
export const sealContext = (table: SealedTable, id: string) => `${table}/${id}`

const version = 1
const keyLength = 32
const idLength = 8
const nonceLength = 12
const tagLength = 16
const headerLength = 1 + idLength
const cipher = 'aes-256-gcm'

/** The first key seals, all of them open. */
export function createSecretBox(keys: readonly SecretKey[]): SecretBox {
  const byId = new Map(keys.map((key) => [idOf(key), key]))
  const [first] = keys
  if (!first) throw new Error('A secret box needs a key.')
  const keyId = idOf(first)

  return {
    keyId,
    knows: (id) => byId.has(id),
    seal(text, context) {
      const header = Buffer.concat([Buffer.of(version), Buffer.from(keyId, 'hex')])
      const nonce = randomBytes(nonceLength)
      const sealing = createCipheriv(cipher, first, nonce, { authTagLength: tagLength })
      sealing.setAAD(Buffer.concat([header, Buffer.from(context)]))
      const hidden = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()])
      return Buffer.concat([header, nonce, hidden, sealing.getAuthTag()])
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed)
      if (bytes[0] !== version || bytes.length < headerLength + nonceLength + tagLength)
        throw damaged(context)
      const header = bytes.subarray(0, headerLength)
      const key = byId.get(header.subarray(1).toString('hex'))
      if (!key) throw keyUnknown()
      const nonce = bytes.subarray(headerLength, headerLength + nonceLength)
      const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagLength })
      opening.setAAD(Buffer.concat([header, Buffer.from(context)]))
      opening.setAuthTag(bytes.subarray(-tagLength))
      try {
        const hidden = bytes.subarray(headerLength + nonceLength, -tagLength)
        return Buffer.concat([opening.update(hidden), opening.final()]).toString('utf8')
      } catch (cause) {
        throw damaged(context, cause)
      }
    },
  }
}

/** Names a key without telling anything of it. */
const idOf = (key: SecretKey) =>
  createHash('sha256')
    .update('outflow secret key')
    .update(key)
    .digest('hex')
    .slice(0, 2 * idLength)

/** Base64 (also of URLs) or hex, of 32 bytes; several with commas between. @throws {OutflowError} `config`, never with the text itself */
export function parseSecretKeys(text: string): readonly SecretKey[] {
  const parts = text.split(',').map((part) => part.trim())
  const given = parts.filter((part) => part !== '')
  if (given.length === 0) throw keyUnusable('it is empty')
  return given.map((part, index) => {
    const key = /^[0-9a-f]{64}$/i.test(part) ? Buffer.from(part, 'hex') : base64(part)
    if (key?.length === keyLength) return new Uint8Array(key)
    throw keyUnusable(
      `its ${given.length > 1 ? `key ${index + 1}` : 'key'} is not ${keyLength} bytes in base64 or hex`,
    )
  })
}

/** Node's own decoder skips what does not belong. */
function base64(text: string): Buffer | undefined {
  return /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined
}

export const newSecretKey = (): SecretKey => new Uint8Array(randomBytes(keyLength))

function keyUnusable(why: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'secrets.key_unusable',
    message: `The key of the secrets cannot be used: ${why}.`,
    fix: 'Make one with: openssl rand -base64 32',
  })
}

export function keyUnknown(): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'secrets.key_unknown',
    message: 'Secrets are stored here that were sealed with another key than this server has.',
    fix: 'Give the key that they were sealed with: in OUTFLOW_SECRET_KEY, after the new one and a comma, or as the file secret.key in the state folder.',
  })
}

function damaged(context: string, cause?: unknown): OutflowError {
  return new OutflowError({
    kind: 'bug',
    code: 'secrets.damaged',
    message: `The stored secret of ${context} is not as it was sealed.`,
    fix: 'Set the secret again. Somebody changed the row in the database, or copied it from another one.',
    cause,
  })
}
