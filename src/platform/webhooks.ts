/**
 * Delivers news to a webhook: one signed POST, as Standard Webhooks has it. Whatever is no success is thrown, so that the queue tries again.
 *
 * @module
 */

import type { LookupFunction } from 'node:net'
import { Agent, errors, request } from 'undici'
import { OutflowError } from '../model/errors.ts'
import { type Secrets, sign } from './webhook-secrets.ts'

/** Milliseconds for all of it. */
const patience = 15_000
/** Nobody reads what a receiver says; this much is let through before the connection is closed. */
const mostAnswer = 65_536

/** What is sent, and to whom. */
export interface Delivery {
  readonly url: string
  readonly secrets: Secrets
  /** Of the message: the same in each try, so that a receiver knows it again. */
  readonly id: string
  readonly body: string
}

/**
 * The address has been checked; `lookup` sees to it that a name still leads to one that may be called. `gone`: the receiver wants no more of it (410).
 *
 * @throws {OutflowError} `transient`, codes `webhook.unreachable`, `webhook.rejected`; the signal's reason
 */
export async function post(
  { url, secrets, id, body }: Delivery,
  lookup: LookupFunction,
  signal: AbortSignal,
): Promise<'delivered' | 'gone'> {
  const agent = new Agent({ connect: { lookup } })
  try {
    const status = await statusOf(agent, url, {
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Outflow',
        ...sign(secrets, id, new Date(), body),
      },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
    })
    if (status === 410) return 'gone'
    if (status < 200 || status > 299) throw rejected(url, status)
    return 'delivered'
  } catch (thrown) {
    signal.throwIfAborted()
    throw thrown instanceof OutflowError ? thrown : unreachable(url, thrown)
  } finally {
    await agent.destroy()
  }
}

/** A redirect is an answer like any other: whoever was named gets the news, and nobody else. */
async function statusOf(
  agent: Agent,
  url: string,
  options: {
    readonly headers: Record<string, string>
    readonly body: string
    readonly signal: AbortSignal
  },
): Promise<number> {
  const { statusCode, body } = await request(url, { method: 'POST', dispatcher: agent, ...options })
  // The status is the answer, whatever becomes of the rest.
  await body.dump({ limit: mostAnswer, signal: options.signal }).catch(() => {})
  return statusCode
}

function rejected(url: string, status: number): OutflowError {
  const isRedirect = status >= 300 && status < 400
  return new OutflowError({
    kind: 'transient',
    code: 'webhook.rejected',
    message: `The webhook on ${hostOf(url)} answered with status ${status}${isRedirect ? ', and redirects are not followed' : ''}.`,
    fix: isRedirect
      ? 'Give the channel the address that the redirect leads to.'
      : 'Look at the log of the receiver; it has to answer with a 2xx.',
  })
}

function unreachable(url: string, thrown: unknown): OutflowError {
  return new OutflowError({
    kind: 'transient',
    code: 'webhook.unreachable',
    message: `The webhook on ${hostOf(url)} did not answer: ${reasonOf(thrown)}.`,
    fix: 'Check that the receiver is up, and reachable from the machines that run workers.',
    cause: thrown,
  })
}

/** All that may be shown of it: the path of a webhook's address is often a secret. */
const hostOf = (url: string) => URL.parse(url)?.host ?? 'an unknown host'

function reasonOf(thrown: unknown): string {
  if (isTimeout(thrown)) return `it took longer than ${patience / 1000} s`
  const { code, message } = thrown as { readonly code?: string; readonly message?: string }
  return message || code || 'the connection broke'
}

const isTimeout = (thrown: unknown) =>
  (thrown instanceof Error && thrown.name === 'TimeoutError') ||
  thrown instanceof errors.ConnectTimeoutError ||
  thrown instanceof errors.HeadersTimeoutError
