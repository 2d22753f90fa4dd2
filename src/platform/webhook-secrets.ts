/**
 * Signing secrets of webhooks, and signatures made with them, as Standard Webhooks has it: https://www.standardwebhooks.com.
 *
 * @module
 */

import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'

/** Bytes that a secret may have. */
const fewest = 24
const most = 75

const prefix = 'whsec_'
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Milliseconds for which an old secret goes on signing. */
const dayOfGrace = 24 * 3600_000
/** More would make the header long, and serve nobody. */
const mostBefore = 2

/** What is sealed with a channel. */
export interface Secrets {
  readonly current: string
  /** The latest first. */
  readonly before: readonly { readonly secret: string; readonly until: number }[]
}

export function generateSecret(): string {
  return prefix + randomBytes(32).toString('base64')
}

/** What is wrong with a secret that somebody wants to use; never holds it. */
export function secretProblem(secret: string): string | undefined {
  if (secret.startsWith(prefix) && !base64.test(secret.slice(prefix.length)))
    return `what follows ${prefix} is not base64`
  const { length } = keyOf(secret)
  return length < fewest || length > most ? `has ${length} bytes; ${fewest} to ${most} are needed` : undefined
}

/** A new secret, and the one before for another day. */
export function rotated({ current, before }: Secrets, next: string, now: number): Secrets {
  const valid = before.filter(({ until }) => until > now)
  return {
    current: next,
    before: [{ secret: current, until: now + dayOfGrace }, ...valid].slice(0, mostBefore),
  }
}

export interface SignatureHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  /** One for each secret that is valid, divided by blanks. */
  readonly 'webhook-signature': string
}

export function sign({ current, before }: Secrets, id: string, at: Date, body: string): SignatureHeaders {
  const valid = before.filter(({ until }) => until > at.getTime()).map(({ secret }) => secret)
  const signatures = [current, ...valid].map((secret) =>
    new Webhook(keyOf(secret), { format: 'raw' }).sign(id, at, body),
  )
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  }
}

/** The prefix says that base64 follows; every other text is a key as it stands. */
function keyOf(secret: string): Uint8Array {
  return secret.startsWith(prefix)
    ? Buffer.from(secret.slice(prefix.length), 'base64')
    : Buffer.from(secret, 'utf8')
}
