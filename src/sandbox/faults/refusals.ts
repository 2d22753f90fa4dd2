/**
 * Answers that stand in for Confluence's: refusals by status, login pages, and quotas that run out.
 *
 * @module
 */

import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { RetryAfter } from './fault.ts'

/** 2^63-1 seconds: what Data Center tells a user who is blocked for good. */
const forEver = '9223372036854775807'

/** Statuses that come from a proxy or a gateway, in HTML. */
const proxyStatuses: readonly number[] = [502, 503, 504]

interface Refusal {
  readonly status: number
  readonly retryAfter?: RetryAfter
}

export function refuse(reply: FastifyReply, { status, retryAfter }: Refusal): void {
  if (retryAfter !== undefined) reply.header('retry-after', retryAfterText(retryAfter))
  if (status === 401) reply.header('www-authenticate', 'OAuth realm="sandbox"')
  const page = proxyStatuses.includes(status)
  reply.code(status).type(page ? 'text/html' : 'application/json')
  reply.send(page ? proxyPage(status) : JSON.stringify(problem(status)))
}

function problem(status: number) {
  const message = status === 403 || status === 429 ? 'Rate limit exceeded' : (STATUS_CODES[status] ?? 'Error')
  return { statusCode: status, message }
}

export const proxyPage = (status: number) =>
  `<html><head><title>${status} ${STATUS_CODES[status]}</title></head><body><h1>${status} ${STATUS_CODES[status]}</h1></body></html>`

function retryAfterText(retryAfter: RetryAfter): string {
  if (retryAfter === 'never') return forEver
  const { seconds, as } = retryAfter
  return as === 'seconds' ? String(seconds) : new Date(Date.now() + seconds * 1000).toUTCString()
}

export function sendLoginPage(reply: FastifyReply): void {
  const form =
    '<form action="/login" method="post"><input name="os_username"><input name="os_password" type="password"></form>'
  reply.code(200).type('text/html;charset=UTF-8')
  reply.send(
    `<!doctype html><html><head><title>Log in</title></head><body><h1>Log in</h1>${form}</body></html>`,
  )
}

interface QuotaLimit {
  /** Requests in one window. */
  readonly limit: number
  /** Length of a window. */
  readonly seconds: number
}

export interface Quota {
  /** Takes one request off and tells so in headers. True: nothing was left, and the reply has been sent. */
  spend(limit: QuotaLimit, reply: FastifyReply): boolean
}

interface QuotaState extends QuotaLimit {
  readonly remaining: number
  readonly resetsAt: Date
}

const headersOf: Readonly<Record<'cloud' | 'data-center', (state: QuotaState) => Record<string, string>>> = {
  cloud: ({ limit, remaining, resetsAt }) => ({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': resetsAt.toISOString(),
    'x-ratelimit-nearlimit': String(remaining < limit * 0.2),
  }),
  'data-center': ({ limit, remaining, seconds }) => ({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-interval-seconds': String(seconds),
    'x-ratelimit-fillrate': String(limit),
  }),
}

export function quotaOf(flavour: 'cloud' | 'data-center'): Quota {
  const windows = new WeakMap<QuotaLimit, { used: number; readonly resetsAt: Date }>()
  const windowOf = (limit: QuotaLimit) => {
    const known = windows.get(limit)
    if (known !== undefined && known.resetsAt.getTime() > Date.now()) return known
    const fresh = { used: 0, resetsAt: new Date(Date.now() + limit.seconds * 1000) }
    windows.set(limit, fresh)
    return fresh
  }
  return {
    spend(limit, reply) {
      const window = windowOf(limit)
      window.used += 1
      const remaining = Math.max(0, limit.limit - window.used)
      reply.headers(headersOf[flavour]({ ...limit, remaining, resetsAt: window.resetsAt }))
      if (window.used <= limit.limit) return false
      const seconds = Math.ceil((window.resetsAt.getTime() - Date.now()) / 1000)
      refuse(reply, { status: 429, retryAfter: { seconds, as: 'seconds' } })
      return true
    },
  }
}
