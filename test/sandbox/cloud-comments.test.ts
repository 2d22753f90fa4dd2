/**
 * Comments as the sandbox's Cloud finds them by API v1.
 */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { smallWiki } from './small-wiki.ts'

let wiki: ReturnType<typeof smallWiki>
let sandbox: Sandbox

beforeEach(async () => {
  wiki = smallWiki()
  sandbox = await startSandbox({ world: wiki.world, flavour: 'cloud' })
})

afterEach(() => sandbox.close())

interface Found {
  readonly id: string
  readonly container: { readonly id: string; readonly type: string }
  readonly ancestors: readonly { readonly id: string }[]
  readonly extensions: Readonly<Record<string, unknown>>
  readonly body: { readonly storage: { readonly value: string } }
}

async function search(expand: string): Promise<readonly Found[]> {
  const { username, api_token } = sandbox.credentials
  const authorization = `Basic ${Buffer.from(`${username}:${api_token}`).toString('base64')}`
  const query = new URLSearchParams({ cql: 'type=comment and space="STAFF" order by created', expand })
  const response = await fetch(`${sandbox.url}/wiki/rest/api/content/search?${query.toString()}`, {
    headers: { authorization },
  })
  return ((await response.json()) as { results: readonly Found[] }).results
}

const everything =
  'container,ancestors,extensions.inlineProperties,extensions.resolution,body.storage,version,history'

describe('comments in a search of API v1', () => {
  it('tell their page, the comments they answer, the words they mark, and whether they are settled', async () => {
    const { plan } = wiki.pages
    const { comment, answer, inline } = wiki.nodes
    wiki.world.resolve(inline, 'resolved')
    const [first, second, third] = await search(everything)
    expect(first).toMatchObject({
      id: comment.id,
      container: { id: plan.id, type: 'page' },
      ancestors: [],
      extensions: { location: 'footer', resolution: { status: 'open' } },
      body: { storage: { value: '<p>When?</p>' } },
      history: { createdDate: comment.createdAt.toISOString() },
    })
    expect(second?.ancestors.map(({ id }) => id)).toEqual([comment.id])
    expect(answer.id).toBe(second?.id)
    expect(third?.extensions).toMatchObject({
      location: 'inline',
      inlineProperties: { originalSelection: 'First things', markerRef: inline.comment?.markerRef },
      resolution: { status: 'resolved' },
    })
  })

  it('name what was not asked for as expandable', async () => {
    const [first] = await search('version')
    expect(first).toMatchObject({
      extensions: { location: 'footer', _expandable: { inlineProperties: '', resolution: '' } },
      _expandable: { container: `/rest/api/content/${wiki.pages.plan.id}` },
    })
  })

  it('go out of sight with their page', async () => {
    wiki.world.trash(wiki.pages.plan)
    expect(await search('version')).toEqual([])
    wiki.world.restore(wiki.pages.plan)
    expect(await search('version')).toHaveLength(3)
  })
})
