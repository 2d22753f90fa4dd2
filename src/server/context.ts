/**
 * What every module of routes is given, and the shape that each of them has.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Platform } from '../platform/platform.ts'

/** A Fastify server whose schemas are zod's. */
export type Door = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** A page for Prometheus. */
export interface MetricsPage {
  readonly contentType: string
  readonly body: string
}

export interface ServerContext {
  readonly platform: Platform
  readonly metrics?: (() => Promise<MetricsPage>) | undefined
  /** Aborted when the server begins to close: answers without an end find one. */
  readonly closing: AbortSignal
}

/** The routes of one noun. Paths are those below `/api/v1`; who may call is in each route's `config.scope`. */
export type Routes = (server: Door, context: ServerContext) => void
