/**
 * A server between the connector and the sandbox that changes what Confluence says.
 *
 * @module
 */

import type { ServerResponse } from 'node:http'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { type Loopback, serve } from '../support/loopback.ts'

/** What Confluence answered, as it may be changed. */
interface Said {
  readonly path: string
  readonly authorization: string | undefined
  /** What was sent along. */
  readonly asked: string
  status: number
  // What a misbehaving server says has any shape.
  body: unknown
  headers: Record<string, string>
}

/** Changes an answer in place. */
export type Meddle = (said: Said) => void

export function meddling({ url }: Pick<Sandbox, 'url'>, meddle: Meddle): Promise<Loopback> {
  return serve(async ({ method, path, headers, body }, response) => {
    const { authorization, accept, 'content-type': type } = headers
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(authorization ? { authorization } : {}),
        ...(accept ? { accept } : {}),
        ...(type ? { 'content-type': type } : {}),
      },
      ...(method === 'POST' ? { body } : {}),
    })
    const text = await answer.text()
    const said: Said = {
      path: decodeURIComponent(path),
      authorization,
      asked: body,
      status: answer.status,
      body: parsed(text),
      headers: Object.fromEntries(
        [...answer.headers].filter(
          ([name]) => !/^(content-|transfer-|connection|keep-alive|date)/.test(name),
        ),
      ),
    }
    meddle(said)
    send(response, said)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function send(response: ServerResponse, { status, body, headers }: Said): void {
  const isText = typeof body === 'string'
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers })
  response.end(isText ? body : JSON.stringify(body))
}
