import { afterEach, describe, expect, it } from 'vitest'
import { type Loopback, sendJson, serve } from '../../../test/support/loopback.ts'
import { createHttp } from '../../kit/http.ts'
import { listByStart } from './offset-list.ts'

const opened: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

const { signal } = new AbortController()
const people = (count: number) => Array.from({ length: count }, (_, nr) => `user-${nr}`)

/** A group whose members come in pages of at most ten; `meanwhile` happens before each page. */
async function group(
  members: string[],
  meanwhile: (page: number) => void = () => undefined,
): Promise<Loopback> {
  const server = await serve(({ path }, response, page) => {
    meanwhile(page)
    const query = new URL(path, 'http://any.invalid').searchParams
    const [start, limit] = [Number(query.get('start')), Math.min(10, Number(query.get('limit')))]
    const results = members.slice(start, start + limit).map((accountId) => ({ accountId }))
    sendJson(response, 200, { results, start, limit, size: results.length })
  })
  opened.push(server)
  return server
}

async function read({ origin }: Loopback): Promise<readonly string[]> {
  const http = createHttp({ origin, concurrency: 1, patience: 5, timeout: 5 })
  opened.push(http)
  const found: string[] = []
  for await (const { accountId } of listByStart<{ accountId: string }>(
    http,
    { path: '/members', limit: 200 },
    { signal },
  ))
    found.push(accountId)
  return found
}

describe('a list by start', () => {
  it.each([0, 1, 9, 10, 11, 20, 35])('of %d is read whole, each once', async (count) => {
    expect(await read(await group(people(count)))).toEqual(people(count))
  })

  it('loses nobody when somebody before them is taken out meanwhile', async () => {
    const members = people(35)
    const found = await read(await group(members, (page) => page === 1 && members.splice(0, 3)))
    expect(new Set(found)).toEqual(new Set(people(35)))
    expect(found).toHaveLength(35)
  })

  it('ends where a site takes no notice of the start', async () => {
    const server = await serve((_, response) =>
      sendJson(response, 200, { results: people(10).map((accountId) => ({ accountId })), limit: 10 }),
    )
    opened.push(server)
    expect(await read(server)).toEqual(people(10))
  })
})
