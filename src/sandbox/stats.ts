/**
 * What the sandbox was asked: counts by route, status and method, bytes sent, who signed in where, connections, and the latest requests
 * one by one. Secrets are never kept: of a credential only its scheme and its account (or, of a token, a fingerprint).
 *
 * Read by `GET /_sandbox/stats` or in the process, cleared by `DELETE`. The sandbox's own routes are not counted.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import type { Server } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { requestLine } from './request-line.ts'
import { readCredentials } from './sign-in.ts'

/** One request as it came in and how it ended. */
export interface RecordedRequest {
  readonly method: string
  /** As it was asked for, still encoded, without the query. */
  readonly path: string
  /** Names and values of the query, decoded, in order. */
  readonly query: readonly (readonly [name: string, value: string])[]
  /** The route that took it, as a pattern: `/wiki/api/v2/pages/:id`. Undefined: no route did. */
  readonly route?: string
  /** 0: never answered. */
  readonly status: number
  /** Bytes of the answer on the wire, headers included. */
  readonly bytes: number
  /** Which of the sandbox's servers it came to: `site`, `gateway`, `media`. */
  readonly origin: string
}

interface RouteCount {
  readonly route: string
  readonly method: string
  readonly status: number
  readonly requests: number
}

interface CredentialCount {
  readonly origin: string
  /** `Basic amy@example.com`, `Bearer #1a2b3c4d`, `none`. */
  readonly credential: string
  readonly requests: number
}

export interface Stats {
  readonly requests: number
  readonly byRoute: readonly RouteCount[]
  readonly byMethod: Readonly<Record<string, number>>
  readonly byStatus: Readonly<Record<string, number>>
  /** On the wire, headers included. */
  readonly bytesSent: number
  readonly credentials: readonly CredentialCount[]
  /** Connections opened, by the server they were opened to. */
  readonly connections: Readonly<Record<string, number>>
  /** The latest requests, oldest first, as many as the sandbox keeps. */
  readonly recorded: readonly RecordedRequest[]
  /** What is asked and not answered yet, oldest first: `GET /wiki/api/v2/pages?id=1`, decoded. In no other count so far. */
  readonly pending: readonly string[]
}

export interface StatsRecorder {
  /** Counts what comes to one server. Call it before any route, sign-in or fault is registered. */
  register(app: FastifyInstance, origin: string): void
  /** Counts the connections to a server. */
  watch(server: Server, origin: string): void
  read(): Stats
  reset(): void
}

/** @param keep how many requests are kept one by one. Default 10,000. */
export function createStats({ keep = 10_000 }: { readonly keep?: number } = {}): StatsRecorder {
  let tally = emptyTally()
  const pending = new Map<FastifyRequest, string>()
  const record = (request: FastifyRequest, answer: Answered) => {
    const recorded = recordOf(request, answer)
    count(tally, recorded, credentialOf(request.headers.authorization))
    tally.recorded.push(recorded)
    if (tally.recorded.length > keep) tally.recorded.shift()
  }

  return {
    register(app, origin) {
      app.addHook('onRequest', async (request, { raw }) => {
        if (request.url.includes('/_sandbox/')) return
        const { socket } = request.raw
        const before = socket.bytesWritten
        pending.set(request, requestLine(request))
        // Unlike Fastify's own hook this also happens to requests that are never answered.
        raw.once('close', () => {
          pending.delete(request)
          const status = raw.headersSent ? raw.statusCode : 0
          record(request, { status, bytes: socket.bytesWritten - before, origin })
        })
      })
    },
    watch(server, origin) {
      server.on('connection', () => add(tally.connections, origin, 1))
    },
    read: () => ({ ...statsOf(tally), pending: [...pending.values()] }),
    reset() {
      tally = emptyTally()
    },
  }
}

/** The routes under which a person or a test looks at them. */
export function addStatsRoutes(app: FastifyInstance, stats: StatsRecorder): void {
  app.get('/_sandbox/stats', () => stats.read())
  app.delete('/_sandbox/stats', (_request, reply) => {
    stats.reset()
    return reply.code(204).send()
  })
}

interface Tally {
  requests: number
  bytes: number
  /** By method, status and route, and by origin and credential; parts joined by spaces, the last one last as it may hold some. */
  readonly routes: Map<string, number>
  readonly methods: Map<string, number>
  readonly statuses: Map<string, number>
  readonly credentials: Map<string, number>
  readonly connections: Map<string, number>
  readonly recorded: RecordedRequest[]
}

function emptyTally(): Tally {
  const counter = () => new Map<string, number>()
  return {
    requests: 0,
    bytes: 0,
    routes: counter(),
    methods: counter(),
    statuses: counter(),
    credentials: counter(),
    connections: counter(),
    recorded: [],
  }
}

const add = (counts: Map<string, number>, key: string, by: number) =>
  counts.set(key, (counts.get(key) ?? 0) + by)

function count(tally: Tally, record: RecordedRequest, credential: string): void {
  tally.requests += 1
  tally.bytes += record.bytes
  add(tally.routes, `${record.method} ${record.status} ${record.route ?? 'unknown'}`, 1)
  add(tally.methods, record.method, 1)
  add(tally.statuses, String(record.status), 1)
  add(tally.credentials, `${record.origin} ${credential}`, 1)
}

function statsOf(tally: Tally): Omit<Stats, 'pending'> {
  return {
    requests: tally.requests,
    byRoute: [...tally.routes].map(([key, requests]) => {
      const [method = '', status, ...route] = key.split(' ')
      return { route: route.join(' '), method, status: Number(status), requests }
    }),
    byMethod: Object.fromEntries(tally.methods),
    byStatus: Object.fromEntries(tally.statuses),
    bytesSent: tally.bytes,
    credentials: [...tally.credentials].map(([key, requests]) => {
      const [origin = '', ...credential] = key.split(' ')
      return { origin, credential: credential.join(' '), requests }
    }),
    connections: Object.fromEntries(tally.connections),
    recorded: [...tally.recorded],
  }
}

type Answered = Pick<RecordedRequest, 'status' | 'bytes' | 'origin'>

function recordOf(request: FastifyRequest, answered: Answered): RecordedRequest {
  const [path = '', search] = request.url.split('?')
  const route = request.routeOptions.url
  return {
    method: request.method,
    path,
    query: [...new URLSearchParams(search)],
    ...(route !== undefined && { route }),
    ...answered,
  }
}

function credentialOf(authorization: string | undefined): string {
  const credentials = readCredentials(authorization)
  if (credentials.type === 'basic') return `Basic ${credentials.name}`
  if (credentials.type !== 'bearer') return credentials.type
  return `Bearer #${createHash('sha256').update(credentials.token).digest('hex').slice(0, 8)}`
}
