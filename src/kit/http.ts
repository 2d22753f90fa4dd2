/**
 * The one HTTP client: pooled connections, sign-in, retry, limits, redaction, and the table from status to error.
 *
 * @module
 */

import type { SourceUsage } from '../model/contracts.ts'

export interface HttpOptions {
  /** Where credentials may go; scheme, host and port are compared parsed, on each request and each redirect. */
  readonly origin: string
  /** Value of the `Authorization` header; absent = anonymous. Never appears in errors or events. */
  readonly authorization?: string
  /** PEM certificates to trust beside the system's. */
  readonly ca?: string
  /** Proxy URL. */
  readonly proxy?: string
  /** Parallel requests. */
  readonly concurrency: number
  readonly requestsPerSecond?: number
  /** How long one request may wait in all for a site that asks for patience, in seconds. */
  readonly patience: number
  /** How long one answer may take, in seconds. */
  readonly timeout: number
  /** Told whenever the client waits. */
  readonly onWait?: (seconds: number, reason: string) => void
}

export interface HttpRequest {
  readonly method?: 'GET' | 'POST'
  /** Absolute path on the origin, or an absolute URL (then without credentials, unless it is on the origin). */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>
  /** Sent as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Statuses that the caller wants to see instead of an error. */
  readonly accept?: readonly number[]
}

export interface HttpResponse<Body> {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Body
}

export interface HttpClient {
  /** @throws {OutflowError} when the answer is not JSON: a login page instead of an answer is `credentials`, never data. */
  json<Body>(request: HttpRequest): Promise<HttpResponse<Body>>
  text(request: HttpRequest): Promise<HttpResponse<string>>
  usage(): SourceUsage
  close(): Promise<void>
}
