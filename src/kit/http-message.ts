/**
 * What a server says in its own words, from whichever shape it says it in.
 *
 * Confluence knows at least four: v1 `{message, data: {errors: [{message: {translation}}]}}`, v2 `{errors: [{title, detail}]}`,
 * the gateway's `{code, message}` or `{status, error, message, path}`, OAuth's `{error, error_description}`; and web pages.
 *
 * @module
 */

import { type Headers, headerOf } from './http-rate.ts'

const longest = 300

/** One line, at most 300 characters; `undefined` when the body says nothing. */
export function messageOf(body: string): string | undefined {
  const said = /^\s*[{[]/.test(body) ? messageInJson(body) : titleOfPage(body)
  const line = said?.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  if (!line) return undefined
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

/** The `<title>` of a web page. */
function titleOfPage(html: string): string | undefined {
  return /<title[^>]*>([^<]{1,200})/i.exec(html)?.[1]?.trim()
}

/** Names the request in the server's own logs; Confluence's support asks for it. */
export function traceOf(headers: Headers): string | undefined {
  return (
    headerOf(headers, 'atl-traceid') ??
    headerOf(headers, 'atl-request-id') ??
    headerOf(headers, 'x-arequestid')
  )
}

interface ServerError {
  readonly message?: unknown
  readonly title?: unknown
  readonly detail?: unknown
  readonly reason?: unknown
  readonly error?: unknown
  readonly error_description?: unknown
  readonly translation?: unknown
  readonly errors?: unknown
  readonly data?: unknown
}

function messageInJson(body: string): string | undefined {
  try {
    return plainWords(JSON.parse(body))
  } catch {
    return undefined
  }
}

/** The most specific words first: the nested error's, then the outer message, then the error's mere name. */
function plainWords(value: unknown): string | undefined {
  if (typeof value === 'string') return withoutJavaClass(value) || undefined
  if (Array.isArray(value)) return plainWords(value[0])
  if (typeof value !== 'object' || value === null) return undefined
  const said = value as ServerError
  return (
    plainWords(said.errors) ??
    plainWords(said.data) ??
    plainWords(said.message) ??
    titleAndDetail(said) ??
    plainWords(said.translation) ??
    plainWords(said.error_description) ??
    plainWords(said.error) ??
    plainWords(said.reason)
  )
}

function titleAndDetail({ title, detail }: ServerError): string | undefined {
  const parts = [title, detail].filter((part): part is string => typeof part === 'string' && part !== '')
  return parts.length > 0 ? parts.join(': ') : undefined
}

/** `com.atlassian.confluence.api.service.exceptions.NotFoundException: No content …` → `No content …`. */
function withoutJavaClass(text: string): string {
  return text.replace(/^(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error):\s*/, '')
}
