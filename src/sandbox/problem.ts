/**
 * What a route throws when it cannot answer: a status and the words for it. Each API generation shapes it into its own JSON.
 *
 * @module
 */

export class Problem extends Error {
  readonly status: number
  /** Cloud's v2 name for it: `NOT_FOUND`, `INVALID_REQUEST_PARAMETER`. */
  readonly code: string
  /** Sent with the answer: `www-authenticate`, `retry-after`, …. */
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** Not there, or not for this caller: Confluence does not tell the two apart. */
export const notFound = (message = 'Not Found') => new Problem(404, 'NOT_FOUND', message)

export const badRequest = (message: string) => new Problem(400, 'INVALID_REQUEST_PARAMETER', message)

/** The value, or 404 where there is none. */
export function found<Value>(value: Value | undefined, message?: string): Value {
  if (value === undefined) throw notFound(message)
  return value
}
